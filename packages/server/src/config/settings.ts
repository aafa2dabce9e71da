// Every setting of the server: one table for the flags, the environment, the file and the documentation.
import type { OtelTraces } from './otel/read-otel.ts'
import {
  oneOf,
  type ParseSetting,
  parseAddresses,
  parseBytes,
  parseHosts,
  parseOrigins,
  parseShare,
  parseText,
  parseTracesEndpoint,
  parseTrustedKeys,
  wholeNumber,
  wholeNumberOr,
} from './parse-setting.ts'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const ENCODINGS = ['auto', 'int8', 'uint8', 'float32'] as const
const SWITCH = ['off', 'on'] as const

export interface Config {
  readonly host: string
  readonly port: number
  readonly metricsHost: string
  readonly metricsPort: number | 'off'
  readonly home: string
  readonly model: string
  /** 0: as the kind of what is followed has it. */
  readonly followSeconds: number
  readonly trustedKeys: readonly string[]
  /** 0: never. */
  readonly guardMinutes: number
  /** Or `off`. */
  readonly shadow: string
  readonly shadowShare: number
  /** 0: as many as the process may use. */
  readonly threads: number
  readonly encoding: (typeof ENCODINGS)[number]
  readonly cacheEntries: number
  readonly queueTokens: number
  readonly bodyLimit: number
  readonly textLimit: number
  readonly batchLimit: number
  readonly uploadLimit: number
  readonly requestDeadline: number
  readonly stopDeadline: number
  /** Requests a second for each key; 0: no limit. */
  readonly rateLimit: number
  readonly scoringsLimit: number
  readonly scoringsAtOnce: number
  readonly scoringsKeepHours: number
  readonly labelSample: (typeof SWITCH)[number]
  readonly allowedHosts: readonly string[]
  readonly corsOrigins: readonly string[]
  readonly trustProxy: readonly string[]
  /** 0: never. */
  readonly canarySeconds: number
  /** Or `off`. */
  readonly tracesEndpoint: string
  readonly tracesHeadersFile: string
  readonly tracesRatio: number
  readonly logLevel: LogLevel
  /** What variables of OpenTelemetry add; no setting of its own. */
  readonly otel: OtelTraces
}

export type SettingName = Exclude<keyof Config, 'otel'>

export interface Setting<T> {
  readonly env: string
  readonly flag: string
  /** What stands behind the flag in the help. */
  readonly argument: string
  readonly default: T
  readonly parse: ParseSetting<T>
  readonly description: string
}

export type Settings = { readonly [K in SettingName]: Setting<Config[K]> }

export const SETTINGS: Settings = {
  host: {
    env: 'RENOWN_HOST',
    flag: '--host',
    argument: 'ADDRESS',
    default: '127.0.0.1',
    parse: parseText,
    description: 'Address to listen on. Anything but a loopback address needs an API key.',
  },
  port: {
    env: 'RENOWN_PORT',
    flag: '--port',
    argument: 'NUMBER',
    default: 8000,
    parse: wholeNumber(0, 65_535),
    description: 'Port to listen on; 0 takes a free one.',
  },
  metricsHost: {
    env: 'RENOWN_METRICS_HOST',
    flag: '--metrics-host',
    argument: 'ADDRESS',
    default: '127.0.0.1',
    parse: parseText,
    description: 'Address of the metrics port. Anything but a loopback address needs an API key.',
  },
  metricsPort: {
    env: 'RENOWN_METRICS_PORT',
    flag: '--metrics-port',
    argument: 'NUMBER',
    default: 'off',
    parse: wholeNumberOr('off', 0, 65_535),
    description: 'Port for metrics alone, beside /metrics; 0 takes a free one, off opens none.',
  },
  home: {
    env: 'RENOWN_HOME',
    flag: '--home',
    argument: 'FOLDER',
    default: '.renown',
    parse: parseText,
    description: 'Data folder: API keys, scorings, models.',
  },
  model: {
    env: 'RENOWN_MODEL',
    flag: '--model',
    argument: 'REFERENCE',
    default: 'default',
    parse: parseText,
    description:
      'Model to serve: default, a version or alias of the registry, a name in HOME/models, a folder, or hf:owner/name.',
  },
  followSeconds: {
    env: 'RENOWN_FOLLOW_SECONDS',
    flag: '--follow-seconds',
    argument: 'SECONDS',
    default: 0,
    parse: wholeNumber(0, 86_400),
    description: 'How often an alias or a branch is looked at; 0: every 5 s in the registry, every 60 s on the Hub.',
  },
  trustedKeys: {
    env: 'RENOWN_TRUSTED_KEYS',
    flag: '--trusted-keys',
    argument: 'KEYS',
    default: [],
    parse: parseTrustedKeys,
    description: 'Public keys, separated by commas: with one, only models that it signed are served.',
  },
  guardMinutes: {
    env: 'RENOWN_GUARD_MINUTES',
    flag: '--guard-minutes',
    argument: 'MINUTES',
    default: 10,
    parse: wholeNumber(0, 1440),
    description: 'How long a new model is watched, and rolled back if it fails, is slow or unsure; 0: not at all.',
  },
  shadow: {
    env: 'RENOWN_SHADOW',
    flag: '--shadow',
    argument: 'REFERENCE',
    default: 'off',
    parse: parseText,
    description: 'A model that reads a share of the traffic along and answers nobody, such as challenger; or off.',
  },
  shadowShare: {
    env: 'RENOWN_SHADOW_SHARE',
    flag: '--shadow-share',
    argument: 'SHARE',
    default: 0.1,
    parse: parseShare,
    description: 'The share of texts that the model in shadow reads.',
  },
  threads: {
    env: 'RENOWN_THREADS',
    flag: '--threads',
    argument: 'NUMBER',
    default: 0,
    parse: wholeNumber(0, 1024),
    description: 'Threads for inference; 0 uses every core that the process may use.',
  },
  encoding: {
    env: 'RENOWN_ENCODING',
    flag: '--encoding',
    argument: 'NAME',
    default: 'auto',
    parse: oneOf(ENCODINGS),
    description: 'How weights are held: auto probes the CPU; int8, uint8 or float32 force it.',
  },
  cacheEntries: {
    env: 'RENOWN_CACHE_ENTRIES',
    flag: '--cache-entries',
    argument: 'NUMBER',
    default: 50_000,
    parse: wholeNumber(0, 10_000_000),
    description: 'How many answers are remembered for texts that come again; 0 for none.',
  },
  queueTokens: {
    env: 'RENOWN_QUEUE_TOKENS',
    flag: '--queue-tokens',
    argument: 'NUMBER',
    default: 65_536,
    parse: wholeNumber(512, 100_000_000),
    description: 'Most tokens that may wait to be scored; beyond it requests are refused with 429.',
  },
  bodyLimit: {
    env: 'RENOWN_BODY_LIMIT',
    flag: '--body-limit',
    argument: 'SIZE',
    default: 4 * 2 ** 20,
    parse: parseBytes,
    description: 'Largest body of a request, uploads aside.',
  },
  textLimit: {
    env: 'RENOWN_TEXT_LIMIT',
    flag: '--text-limit',
    argument: 'CHARACTERS',
    default: 20_000,
    parse: wholeNumber(1, 100_000),
    description: 'Longest text, in UTF-16 units.',
  },
  batchLimit: {
    env: 'RENOWN_BATCH_LIMIT',
    flag: '--batch-limit',
    argument: 'NUMBER',
    default: 1000,
    parse: wholeNumber(1, 100_000),
    description: 'Most texts in one batch request.',
  },
  uploadLimit: {
    env: 'RENOWN_UPLOAD_LIMIT',
    flag: '--upload-limit',
    argument: 'SIZE',
    default: 2 * 2 ** 30,
    parse: parseBytes,
    description: 'Largest file to score.',
  },
  requestDeadline: {
    env: 'RENOWN_REQUEST_DEADLINE',
    flag: '--request-deadline',
    argument: 'MILLISECONDS',
    default: 10_000,
    parse: wholeNumber(1, 3_600_000),
    description: 'A request that is not answered by then is given up.',
  },
  stopDeadline: {
    env: 'RENOWN_STOP_DEADLINE',
    flag: '--stop-deadline',
    argument: 'MILLISECONDS',
    default: 10_000,
    parse: wholeNumber(1, 3_600_000),
    description: 'When stopping, requests under way may take this long.',
  },
  rateLimit: {
    env: 'RENOWN_RATE_LIMIT',
    flag: '--rate-limit',
    argument: 'NUMBER',
    default: 1000,
    parse: wholeNumber(0, 1_000_000),
    description: 'Requests a second for each API key; 0 for no limit.',
  },
  scoringsLimit: {
    env: 'RENOWN_SCORINGS_LIMIT',
    flag: '--scorings-limit',
    argument: 'NUMBER',
    default: 100,
    parse: wholeNumber(1, 10_000),
    description: 'How many scored files are kept at once.',
  },
  scoringsAtOnce: {
    env: 'RENOWN_SCORINGS_AT_ONCE',
    flag: '--scorings-at-once',
    argument: 'NUMBER',
    default: 1,
    parse: wholeNumber(1, 64),
    description: 'How many files are scored at the same time; the others wait.',
  },
  scoringsKeepHours: {
    env: 'RENOWN_SCORINGS_KEEP_HOURS',
    flag: '--scorings-keep-hours',
    argument: 'HOURS',
    default: 24,
    parse: wholeNumber(1, 8760),
    description: 'A scored file and its results are removed after this long.',
  },
  labelSample: {
    env: 'RENOWN_LABEL_SAMPLE',
    flag: '--label-sample',
    argument: 'ON_OR_OFF',
    default: 'off',
    parse: oneOf(SWITCH),
    description: 'Whether a few recent texts are kept, for seven days at most, so that people can label them.',
  },
  allowedHosts: {
    env: 'RENOWN_ALLOWED_HOSTS',
    flag: '--allowed-hosts',
    argument: 'NAMES',
    default: [],
    parse: parseHosts,
    description: 'Host names that requests may carry, separated by commas; loopback names always may.',
  },
  corsOrigins: {
    env: 'RENOWN_CORS_ORIGINS',
    flag: '--cors-origins',
    argument: 'ORIGINS',
    default: [],
    parse: parseOrigins,
    description: 'Other pages that may call the API from a browser, such as https://example.org.',
  },
  trustProxy: {
    env: 'RENOWN_TRUST_PROXY',
    flag: '--trust-proxy',
    argument: 'ADDRESSES',
    default: [],
    parse: parseAddresses,
    description: 'Proxies whose word on the client address and https is taken.',
  },
  canarySeconds: {
    env: 'RENOWN_CANARY_SECONDS',
    flag: '--canary-seconds',
    argument: 'SECONDS',
    default: 60,
    parse: wholeNumber(0, 86_400),
    description: 'How often the model is asked the same few posts, to see that its answers stay; 0 for never.',
  },
  tracesEndpoint: {
    env: 'RENOWN_TRACES_ENDPOINT',
    flag: '--traces-endpoint',
    argument: 'URL',
    default: 'off',
    parse: parseTracesEndpoint,
    description: 'OpenTelemetry collector that traces are sent to (OTLP over HTTP); off sends none.',
  },
  tracesHeadersFile: {
    env: 'RENOWN_TRACES_HEADERS_FILE',
    flag: '--traces-headers-file',
    argument: 'FILE',
    default: 'none',
    parse: parseText,
    description:
      'File of headers that the collector wants, one a line, such as "Authorization: Bearer …"; none sends no others.',
  },
  tracesRatio: {
    env: 'RENOWN_TRACES_RATIO',
    flag: '--traces-ratio',
    argument: 'SHARE',
    default: 1,
    parse: parseShare,
    description: 'Share of the traces that begin here and are kept; those that come along are kept as they say.',
  },
  logLevel: {
    env: 'RENOWN_LOG_LEVEL',
    flag: '--log-level',
    argument: 'LEVEL',
    default: 'info',
    parse: oneOf(LOG_LEVELS),
    description: `How much is logged: ${LOG_LEVELS.join(', ')}.`,
  },
}
