// `renown gate`: its options, and the help that teaches them.
import type { Command } from 'commander'
import { EXIT_CODES_HELP } from '../exit-codes.ts'
import type { GateFlags } from '../gate/run-gate-command.ts'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions } from './options.ts'

const HELP = `
Examples:
  renown gate ./my-model --champion default --data train.jsonl --report ./gate
  renown gate ./my-model --champion champion --best v2 --base hf:owner/base --data posts.csv --policy gate.yaml
  renown gate ./my-model --champion default --data fresh.jsonl --train-file train.jsonl --json

The candidate and the models that it is compared with answer the same posts. It passes where it is shown not to be worse
by more than the policy allows: macro recall against each of them, the recall of each label, calibration, slices, the
8-bit file against the 32-bit one, time, size, and no training row among the posts. With too few posts to see that, the
verdict is "undecidable", and the report says how many it would take.

By default the posts are those of the gate split of FILE: a fifth of its texts, chosen by their hash, which training
leaves out. "split: all" in the policy takes every row. Predictions are kept in HOME/gate, and so is the record of which
candidates were judged on which posts. A gate promotes nothing. docs/gate.md explains the policy and the report.
${EXIT_CODES_HELP}`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command
    .description('Compares a candidate with what serves now, by a policy.')
    .argument('<candidate>', 'a version or alias of the registry, a name in HOME/models, a folder, or hf:owner/name')
    .requiredOption('--data <file>', 'labelled posts')
    .option('--champion <model>', 'the model that serves now')
    .option('--best <model>', 'the best version that was ever promoted, or none; found where the champion is an alias')
    .option('--base <model>', 'the model that training began with')
    .option('--policy <file>', 'YAML or JSON file; without it the defaults hold')
    .option('--report <folder>', 'write gate.json, gate.md and gate.html there')
    .option('--train-file <file>', 'posts of the training, to be compared with the data; may be repeated', append)
    .option('--text-column <name>', 'column with the text')
    .option('--label-column <name>', 'column with the label')
    .option('--label-map <pairs>', "labels of the data and the model's they stand for: mixed=neutral,4=positive")
    .option('--skip-unknown', "leave out posts whose label the model doesn't know")
    .option('--source-column <name>', 'column that says where a post is from; by default "source"')
    .option('--data-set <name>', 'what the data is called; by default its folder or file')
    .option('--split <name>', 'which part of the data the file is; by default the name of the file')
    .option('--home <folder>', 'data folder (RENOWN_HOME; .renown)')
    .option('--threads <number>', 'threads for inference; 0: all that the process may use (RENOWN_THREADS)')
    .option('--json', 'print the report as JSON')
    .option('-q, --quiet', 'no progress')
    .addHelpText('after', HELP)
    .action(async (candidate: string, flags: GateFlags) => {
      const { runGateCommand } = await import('../gate/run-gate-command.ts')
      setExitCode(await runGateCommand(io, candidate, flags))
    })
  addCommonOptions(command)
}

function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}
