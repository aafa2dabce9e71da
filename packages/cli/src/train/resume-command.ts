// The command line that goes on with a training.
import type { TrainFlagValues } from './train-flags.ts'

const PLAIN = /^[\w@%+=:,./-]+$/

/** The flags as they were given, quoted for a shell where need be, and `--resume-from-checkpoint`. */
export function resumeCommand(flags: TrainFlagValues): string {
  const words = Object.entries(flags)
    .filter(([name]) => !['resume_from_checkpoint', 'dryRun'].includes(name))
    .flatMap(([name, value]) => toWords(`--${toKebab(name)}`, value))
  return ['renown train', ...words, '--resume-from-checkpoint'].join(' ')
}

function toKebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('_', '-')
}

function toWords(flag: string, value: unknown): readonly string[] {
  if (value === true) return [flag]
  if (Array.isArray(value)) return value.flatMap((item) => toWords(flag, item))
  return [flag, quote(String(value))]
}

function quote(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
