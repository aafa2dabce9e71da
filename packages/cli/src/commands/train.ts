// `renown train`: its options, and the help that teaches them.
import type { Command } from 'commander'
import { EXIT_CODES_HELP } from '../exit-codes.ts'
import { addTrainFlags, type TrainFlagValues } from '../train/train-flags.ts'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions } from './options.ts'

const HELP = `
Examples:
  renown train --base default --train-file posts.csv --validation-split 0.1 --output ./my-model
  renown train --base default --train-file a.jsonl --validation-file b.jsonl --dry-run
  renown train --base hf:cardiffnlp/twitter-roberta-base-sentiment-latest --dataset tweet_eval \\
    --dataset-config sentiment --learning-rate 2e-5 --num-train-epochs 3 --eval-strategy epoch \\
    --save-strategy epoch --load-best-model-at-end --metric-for-best-model macro_recall --output ./my-model
  renown train --recipe recipe.yaml --output ./my-model --seed 7
  renown train --recipe recipe.yaml --output ./my-model --resume-from-checkpoint

A recipe is a YAML or JSON file with the same names, in snake_case or kebab-case; flags override it, and its paths are
from its own folder. "train" in a recipe mixes several sources:
  train:
    - {file: posts.csv, label_map: {mixed: neutral}, weight: 2}
    - {dataset: tweet_eval, config: sentiment, samples: 5000}
A weight says how often each post comes in an epoch.

FOLDER becomes a model folder: weights, both ONNX files, tokenizer, renown.json, card, report.html. Checkpoints stay in it
as checkpoint-N. Ctrl-C saves one and says how to go on; a training that was killed goes on from the latest.
Training options have the names, defaults and meaning of transformers' TrainingArguments, also in snake_case.
docs/train.md explains them.
${EXIT_CODES_HELP}`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command
    .description('Fine-tunes a model on labelled posts.')
    .option('--recipe <file>', 'YAML or JSON file with what is otherwise given by flags')
    .option('--dry-run', 'check the data, measure a few steps and print the plan; write nothing')
    .option('-q, --quiet', 'no progress: warnings and results only')
    .option('--metrics-port <number>', 'answer Prometheus on this port while the training runs')
    .option('--metrics-host <address>', 'on this address (127.0.0.1); any that others reach wants a key of HOME')
    .option('--home <folder>', 'data folder (RENOWN_HOME; .renown)')
    .addHelpText('after', HELP)
    .action(async (flags: TrainFlagValues) => {
      const { runTrain } = await import('../train/run-train.ts')
      setExitCode(await runTrain(io, flags))
    })
  addTrainFlags(command)
  addCommonOptions(command)
}
