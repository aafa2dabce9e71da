// `renown evaluate`: its options, and the help that teaches them.
import type { Command } from 'commander'
import type { EvaluateFlags } from '../evaluate/run-evaluate.ts'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions, addModelOptions, MODEL_REFERENCE, parseNumber } from './options.ts'

const HELP = `
Examples:
  renown evaluate default --data test.jsonl
  renown evaluate ./my-model --data test.csv --text-column body --label-column mood
  renown evaluate ./my-model --data test.csv --label-map 0=negative,2=neutral,4=positive
  renown evaluate ./my-model --data test.jsonl --file onnx/model.onnx --json
  renown evaluate ./my-model --data tweets/test.jsonl --record

The file may have any format that \`renown predict\` reads. A label is a name of the model's, or a number that counts them
from 0. Macro recall is the mean of the recalls of the labels (the measure of TweetEval); the intervals come from
resampling the posts (bootstrap) with a fixed seed, so the same data gives the same intervals.`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command
    .description('Measures a model on labelled posts.')
    .argument('[model]', MODEL_REFERENCE)
    .requiredOption('--data <file>', 'labelled posts')
    .option('--file <path>', 'which file of the model, such as onnx/model.onnx')
    .option('--text-column <name>', 'column with the text')
    .option('--label-column <name>', 'column with the label')
    .option('--label-map <pairs>', "labels of the data and the model's they stand for: mixed=neutral,4=positive")
    .option('--skip-unknown', "leave out posts whose label the model doesn't know")
    .option('--data-set <name>', 'what the data is called; by default its folder or file')
    .option('--split <name>', 'train, validation, test or another part; by default the name of the file')
    .option('--seed <number>', 'of the resampling', parseNumber(0))
    .option('--resamples <number>', 'how many times the posts are resampled', parseNumber(1))
    .option('--record', 'write the scores into renown.json and the model card')
    .option('--json', 'print JSON')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', HELP)
    .action(async (model: string | undefined, flags: EvaluateFlags) => {
      const { runEvaluate } = await import('../evaluate/run-evaluate.ts')
      setExitCode(await runEvaluate(io, model, flags))
    })
  addModelOptions(command)
  addCommonOptions(command)
}
