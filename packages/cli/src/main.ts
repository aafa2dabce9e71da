// The renown command's entry: hands the process to `runCli`.
import { runCli } from './run-cli.ts'

process.exitCode = await runCli(process.argv.slice(2), process)
