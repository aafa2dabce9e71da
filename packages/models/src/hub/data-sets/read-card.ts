// The YAML at the top of a data set's card: which files make up which split of which configuration, and what they hold.
import { parse } from 'yaml'

export interface CardFiles {
  readonly split: string
  readonly patterns: readonly string[]
}

export interface CardConfig {
  readonly name: string
  readonly isDefault: boolean
  /** Empty where the card names no files. */
  readonly files: readonly CardFiles[]
  /** The folder of its files, where the card names one. */
  readonly folder: string | null
}

/** A column as far as it matters here: its labels, where it holds classes. */
export interface Feature {
  readonly name: string
  readonly isText: boolean
  readonly labels: readonly string[] | null
}

export interface DataSetCard {
  readonly configs: readonly CardConfig[]
  /** By configuration. */
  readonly features: ReadonlyMap<string, readonly Feature[]>
}

export const DEFAULT_CONFIG = 'default'
const NO_CARD: DataSetCard = { configs: [], features: new Map() }

/** What can't be read is passed over: cards are written by hand. */
export function readCard(text: string): DataSetCard {
  const front = readFrontMatter(text)
  if (front === null) return NO_CARD
  return { configs: readConfigs(front.configs), features: readInfos(front.dataset_info) }
}

function readFrontMatter(text: string): Readonly<Record<string, unknown>> | null {
  const [, yaml] = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---\s*(?:\r?\n|$)/.exec(text) ?? []
  if (yaml === undefined) return null
  try {
    return asRecord(parse(yaml, { logLevel: 'silent', uniqueKeys: false }))
  } catch {
    return null
  }
}

function readConfigs(value: unknown): CardConfig[] {
  return asList(value).map((entry) => {
    const { config_name: name, data_files: files, data_dir: folder, default: isDefault } = asRecord(entry)
    return {
      name: readName(name) ?? DEFAULT_CONFIG,
      isDefault: isDefault === true,
      files: readFiles(files),
      folder: readName(folder),
    }
  })
}

/** A list of splits with their patterns, a mapping of them, or patterns alone, which are then the training split. */
function readFiles(value: unknown): CardFiles[] {
  if (value === undefined || value === null) return []
  const list = asList(value)
  const patterns = readPatterns(value)
  if (patterns.length > 0) return [{ split: 'train', patterns }]
  if (Array.isArray(value)) {
    return list.map((entry) => {
      const { split, path } = asRecord(entry)
      return { split: readName(split) ?? 'train', patterns: readPatterns(path) }
    })
  }
  return Object.entries(asRecord(value)).map(([split, path]) => ({ split, patterns: readPatterns(path) }))
}

function readPatterns(value: unknown): string[] {
  return asList(value).filter((pattern): pattern is string => typeof pattern === 'string' && pattern !== '')
}

function readInfos(value: unknown): Map<string, readonly Feature[]> {
  const infos = asList(value).map((entry) => {
    const { config_name: name, features } = asRecord(entry)
    return [
      readName(name) ?? DEFAULT_CONFIG,
      asList(features).flatMap((feature) => readFeature(feature) ?? []),
    ] as const
  })
  return new Map(infos)
}

/** `dtype` is a name, or for classes `{ class_label: { names: { '0': negative, … } } }`. */
function readFeature(value: unknown): Feature | null {
  const { name, dtype } = asRecord(value)
  if (typeof name !== 'string') return null
  const { class_label: classes } = asRecord(dtype)
  const isText = dtype === 'string' || dtype === 'large_string'
  return { name, isText, labels: classes === undefined ? null : readLabels(asRecord(classes).names) }
}

/** A list, or a mapping from numbers that begin with 0. */
export function readLabels(value: unknown): string[] | null {
  const names = asRecord(value)
  const labels = Object.keys(names).map((_, index) => readName(names[String(index)]))
  return labels.length > 0 && labels.every((label) => label !== null) ? labels : null
}

/** YAML reads `yes` and `1` as what they aren't. */
function readName(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

function asList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

/** Lists have their entries by number. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
