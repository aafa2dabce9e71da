// Everything that a gate's policy can say, with its default.

export const GATE_SPLITS = ['gate', 'validation', 'test', 'all'] as const

export type GateSplitName = (typeof GATE_SPLITS)[number]

export interface NumberEntry {
  /** Null where it follows from another key. */
  readonly default: number | null
  readonly least: number
  readonly most: number
  /** Whole numbers only. */
  readonly whole?: boolean
  /** `least` and `most` themselves are none. */
  readonly open?: boolean
  readonly help: string
}

export const POLICY_NUMBER_KEYS = [
  'gate_share',
  'gate_seed',
  'margin',
  'best_margin',
  'base_margin',
  'class_margin',
  'class_floor',
  'quantised_margin',
  'calibration_margin',
  'slice_margin',
  'slice_rows',
  'latency_ratio',
  'size_ratio',
  'leaked_share',
  'confidence',
  'power',
  'resamples',
  'seed',
  'reuse_warning',
] as const

export type PolicyNumber = (typeof POLICY_NUMBER_KEYS)[number]

/** By the keys of a policy file. Margins are points: hundredths of a recall. */
export const POLICY_NUMBERS: Readonly<Record<PolicyNumber, NumberEntry>> = {
  gate_share: { default: 0.2, least: 0, most: 1, open: true, help: 'share of the texts that `split: gate` takes' },
  gate_seed: { default: 7, least: 0, most: 2 ** 32, whole: true, help: 'which texts these are' },
  margin: {
    default: 1,
    least: 0,
    most: 100,
    open: true,
    help: 'points of macro recall that may be lost to the champion',
  },
  best_margin: {
    default: null,
    least: 0,
    most: 100,
    open: true,
    help: 'points that may be lost to the best version ever promoted',
  },
  base_margin: {
    default: null,
    least: 0,
    most: 100,
    open: true,
    help: 'points that may be lost to the untouched base',
  },
  class_margin: { default: 3, least: 0, most: 100, open: true, help: "points that a class's recall may fall" },
  class_floor: { default: 0, least: 0, most: 100, help: 'per cent of each class that have to be found' },
  quantised_margin: {
    default: 1,
    least: 0,
    most: 100,
    open: true,
    help: 'points of macro recall that the 8-bit file may lose to the 32-bit one',
  },
  calibration_margin: {
    default: 2,
    least: 0,
    most: 100,
    help: 'points by which the expected calibration error may rise',
  },
  slice_margin: { default: 5, least: 0, most: 100, help: 'points of macro recall that a slice may be shown to lose' },
  slice_rows: { default: 200, least: 1, most: 2 ** 32, whole: true, help: 'rows without which a slice is not judged' },
  latency_ratio: { default: 1.25, least: 0, most: 1e6, open: true, help: "time for a post over the champion's" },
  size_ratio: { default: 1.25, least: 0, most: 1e6, open: true, help: "size of the served file over the champion's" },
  leaked_share: {
    default: 1,
    least: 0,
    most: 100,
    help: 'per cent of the rows that may resemble training rows; they are left out',
  },
  confidence: { default: 0.95, least: 0.5, most: 1, open: true, help: 'of every bound, one-sided' },
  power: {
    default: 0.8,
    least: 0.05,
    most: 1,
    open: true,
    help: 'with which an equally good candidate has to be recognised',
  },
  resamples: { default: 10_000, least: 100, most: 1e6, whole: true, help: 'of the bootstrap' },
  seed: { default: 42, least: 0, most: 2 ** 32, whole: true, help: 'of the bootstrap' },
  reuse_warning: {
    default: 20,
    least: 1,
    most: 2 ** 32,
    whole: true,
    help: 'candidates on the same rows from which on a warning is given',
  },
}

export const POLICY_KEYS: readonly string[] = ['split', ...POLICY_NUMBER_KEYS]
