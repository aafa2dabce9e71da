// `renown export`: its options, and the help that teaches them.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { PREPARATION_NAMES } from '../preparations.ts'
import type { ExportFlags } from '../run-export.ts'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions, parseList } from './options.ts'

const HELP = `
Examples:
  renown export ./twitter-roberta --output ./models/twitter-roberta
  renown export ./checkpoint --output ./models/mine --only quantized --name mine --model-version 1.2.0 --license apache-2.0
  renown export ./checkpoint --output ./models/mine --labels negative,neutral,positive --weights

FOLDER is what transformers writes: config.json, tokenizer files, and model.safetensors (or its shards) or
pytorch_model.bin. The output has onnx/model.onnx (32-bit) and onnx/model_quantized.onnx (8-bit weights), the tokenizer,
renown.json with the SHA-256 of every file, and a model card. It is written beside the output and renamed when it is
whole, so a half-written model never stands there. An output folder that has something in it is refused.

--preparation says how posts are prepared before they are tokenised, as they were in training:
  cardiff  mentions become @user, addresses http; entities and literal escapes are decoded
  tweet    the same, but addresses are left out, as in TweetEval's sentiment data
  raw      nothing is changed
By default it is what the folder's renown.json says, cardiff for a model with "twitter" in its name, raw for others.`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command
    .description('Makes a model folder from a transformers folder.')
    .argument('<folder>', 'the transformers folder')
    .requiredOption('-o, --output <folder>', 'the model folder to make')
    .addOption(new Option('--only <kind>', 'write one of the two ONNX files').choices(['quantized', 'float']))
    .option('--weights', 'also put model.safetensors into the folder')
    .option('--name <name>', "the model's name; by default the folder's")
    .option('--model-version <version>', "the model's version; by default the start of its hash")
    .option('--license <id>', 'such as apache-2.0')
    .option('--license-file <file>', 'text of the licence, put into the folder as LICENSE')
    .option('--base <name>', 'the model that it was trained from, such as cardiffnlp/twitter-roberta-base')
    .option(
      '--labels <names>',
      'names of the classes in the order of the logits, where config.json has none',
      parseList,
    )
    .addOption(new Option('--preparation <name>', 'how posts are prepared').choices(PREPARATION_NAMES))
    .option('--temperature <number>', 'logits are divided by it before softmax', parseTemperature)
    .option('--training <file>', 'JSON with what is known of the training: data, recipe, trainer, commit, notes')
    .option('-q, --quiet', 'say nothing')
    .addHelpText('after', HELP)
    .action(async (folder: string, flags: ExportFlags) => {
      const { runExport } = await import('../run-export.ts')
      setExitCode(await runExport(io, folder, flags))
    })
  addCommonOptions(command)
}

function parseTemperature(value: string): number {
  const number = Number(value)
  if (Number.isFinite(number) && number > 0) return number
  throw new InvalidArgumentError(`expected a number above 0, got "${value}"`)
}
