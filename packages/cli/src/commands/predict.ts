// `renown predict`: its options, and the help that teaches them.
import { type Command, Option } from 'commander'
import { EXIT_CODES_HELP } from '../exit-codes.ts'
import { INPUT_FORMATS, OUTPUT_FORMATS } from '../predict/plan-predict.ts'
import type { PredictFlags } from '../predict/run-predict.ts'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions, addModelOptions } from './options.ts'

const HELP = `
Examples:
  renown predict "Love the new app" "Still no refund"
  renown predict posts.csv                               scored rows as JSON Lines on standard output
  renown predict posts.csv --output scored.csv           the same columns and the scores
  renown predict a.csv b.parquet c.jsonl.gz --output all.jsonl
  renown predict posts.csv --text-column body --date-column posted
  cat lines.txt | renown predict                         one text a line
  cat posts.csv | renown predict - --format csv --to csv > scored.csv

Files may be CSV, TSV, JSON, JSON Lines, Parquet, or text with a post on each line, and any of these gzipped; what they
are is seen from their content. The column with the text is guessed, and the guess is told.

To each row are added: label, score (the label's probability), negative, neutral, positive, and windows (more than 1 for
a text that was too long to be scored at once). If the file has a column of such a name already, the new one is called
renown_label and so on.

A row that can't be scored goes to a rejects file, with its line and the reason, and the rest is scored. An output file
has the name FILE.partial until it is whole. The sum of it all is told on standard error.
${EXIT_CODES_HELP}`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command
    .description('Scores texts, files or standard input.')
    .argument('[inputs...]', 'texts, or files; "-" is standard input')
    .option('-o, --output <file>', 'write the scored rows to a file; .csv or .jsonl decides the format')
    .addOption(new Option('--to <format>', 'format of the output').choices(OUTPUT_FORMATS))
    .addOption(new Option('--format <format>', 'format of the input, where it is not seen').choices(INPUT_FORMATS))
    .option('--text', 'the arguments are texts, even if a file has such a name')
    .option('--text-column <name>', 'column with the text')
    .option('--date-column <name>', 'column with the date')
    .option('--rejects <file>', 'where rejected rows go; by default NAME.rejects.jsonl beside the output')
    .option('-q, --quiet', 'results and errors only: no progress, no sum')
    .addHelpText('after', HELP)
    .action(async (inputs: string[], flags: PredictFlags) => {
      const { runPredict } = await import('../predict/run-predict.ts')
      setExitCode(await runPredict(io, inputs, flags))
    })
  addModelOptions(command)
  addCommonOptions(command)
}
