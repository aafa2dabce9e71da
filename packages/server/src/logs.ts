// The log: JSON lines, no text of posts, no secrets.
import { type DestinationStream, type Logger, pino } from 'pino'
import type { LogLevel } from './config/settings.ts'

const SECRETS = ['authorization', 'cookie', 'key', 'token', 'password', '["set-cookie"]']

/** Writes to standard error unless told otherwise, without waiting for the disk. */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { name: 'renown' },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRETS.flatMap((name) => [name, nested(name)]), censor: '[redacted]' },
  }
  return pino(options, destination ?? pino.destination({ dest: 2, sync: false }))
}

function nested(name: string): string {
  return name.startsWith('[') ? `*${name}` : `*.${name}`
}
