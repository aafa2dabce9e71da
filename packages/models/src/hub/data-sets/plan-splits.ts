// Which Parquet files make up which split of which configuration: as the card says, or as the files are laid out.
import { matchPattern } from './glob.ts'
import { type CardConfig, DEFAULT_CONFIG } from './read-card.ts'

export interface SplitPlan {
  readonly name: string
  /** In the order of their rows. */
  readonly paths: readonly string[]
  /** The Hub converted only the beginning. */
  readonly isPartial: boolean
}

export interface ConfigPlan {
  readonly name: string
  readonly isDefault: boolean
  readonly splits: readonly SplitPlan[]
}

/** Names that stand for a split, as `datasets` knows them (data_files.py, `DEFAULT_SPLITS` and their synonyms). */
const SPLIT_NAMES: Readonly<Record<string, string>> = {
  train: 'train',
  training: 'train',
  validation: 'validation',
  valid: 'validation',
  val: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
  eval: 'test',
  evaluation: 'test',
}

/** Configurations that have Parquet files, in the card's order or by name. Empty where there are none. */
export function planConfigs(paths: readonly string[], card: readonly CardConfig[]): ConfigPlan[] {
  const parquet = paths.filter((path) => path.endsWith('.parquet')).sort()
  const planned = card.length > 0 ? card.map((config) => planFromCard(config, parquet)) : planFromLayout(parquet)
  return planned.filter(({ splits }) => splits.length > 0)
}

function planFromCard({ name, isDefault, files, folder }: CardConfig, parquet: readonly string[]): ConfigPlan {
  const root = folder === null ? '' : `${folder.replace(/^\.?\/|\/+$/g, '')}/`
  const own = parquet.filter((path) => path.startsWith(root))
  const named = files.map(({ split, patterns }) => {
    const tests = patterns.flatMap((pattern) => [pattern, `${pattern.replace(/\/+$/, '')}/**`]).map(matchPattern)
    return {
      name: split,
      paths: own.filter((path) => tests.some((test) => test(path.slice(root.length)) || test(path))),
    }
  })
  const placed = own.map((path) => ({ path, ...locate(path.slice(root.length)) }))
  const splits = files.length > 0 ? named.map((split) => ({ ...split, isPartial: false })) : toSplits(placed)
  return { name, isDefault, splits: splits.filter(({ paths }) => paths.length > 0) }
}

function planFromLayout(parquet: readonly string[]): ConfigPlan[] {
  const placed = parquet.map((path) => ({ path, ...locate(path) }))
  const names = [...new Set(placed.map(({ config }) => config))]
  return names.map((name) => ({
    name,
    isDefault: name === DEFAULT_CONFIG,
    splits: toSplits(placed.filter(({ config }) => config === name)),
  }))
}

interface Place {
  readonly config: string
  /** Null where the name says nothing of a split. */
  readonly split: string | null
  readonly isPartial: boolean
}

/**
 * `CONFIG/train-00000-of-00001.parquet`, `data/train-….parquet`, `train.parquet`, and as the Hub converts,
 * `CONFIG/train/0000.parquet` or `CONFIG/partial-train/0000.parquet`.
 */
function locate(path: string): Place {
  const parts = path.split('/')
  const stem = (parts.pop() ?? '').replace(/\.parquet$/, '')
  const sharded = /^(.+)-\d{5}-of-\d{5}$/.exec(stem)?.[1]
  const inName = sharded === undefined ? splitOf(stem) : (splitOf(sharded) ?? sharded)
  if (inName !== null) return { config: configOf(parts), split: inName, isPartial: false }
  const folder = parts.at(-1) ?? ''
  const isPartial = folder.startsWith('partial-')
  const name = isPartial ? folder.slice('partial-'.length) : folder
  const isSplit = folder !== '' && (isPartial || /^\d+$/.test(stem) || splitOf(name) !== null)
  if (!isSplit) return { config: configOf(parts), split: null, isPartial: false }
  return { config: configOf(parts.slice(0, -1)), split: splitOf(name) ?? name, isPartial }
}

/** `train`, `tweets-train`, `dev_2`; not `trains`. */
function splitOf(stem: string): string | null {
  const known = stem
    .toLowerCase()
    .split(/[^a-z]+/)
    .find((word) => Object.hasOwn(SPLIT_NAMES, word))
  return known === undefined ? null : (SPLIT_NAMES[known] ?? null)
}

function configOf(folders: readonly string[]): string {
  const name = folders.join('/')
  return name === '' || name === 'data' ? DEFAULT_CONFIG : name
}

/** Files without a split are the training split, unless others say which they are. */
function toSplits(placed: readonly (Place & { readonly path: string })[]): SplitPlan[] {
  const isNamed = placed.some(({ split }) => split !== null)
  const known = isNamed ? placed.filter(({ split }) => split !== null) : placed
  const names = [...new Set(known.map(({ split }) => split ?? 'train'))]
  return names.sort(bySplit).map((name) => {
    const own = known.filter(({ split }) => (split ?? 'train') === name)
    return { name, paths: own.map(({ path }) => path), isPartial: own.some(({ isPartial }) => isPartial) }
  })
}

const ORDER = ['train', 'validation', 'test']

function bySplit(a: string, b: string): number {
  const place = (name: string): number => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)
  return place(a) - place(b) || (a < b ? -1 : 1)
}
