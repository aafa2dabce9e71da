// renown.json: what a model folder says of itself, and how it is read.
import type { Preparation } from '@renown/ml'
import { type RecordedAnswers, readAnswers } from './answers/recorded-answers.ts'
import {
  readCount,
  readFinite,
  readHash,
  readList,
  readObject,
  readOneOf,
  readOrNull,
  readRecord,
  readText,
  readTime,
  refuseField,
} from './read-fields.ts'
import { checkRelativePath } from './relative-path.ts'

export const MANIFEST_FILE = 'renown.json'
export const CARD_FILE = 'README.md'
/** What the posts were like that the model was measured on. */
export const PROFILE_FILE = 'reference-profile.json'
/** Who vouches for the manifest, where somebody does. */
export const SIGNATURE_FILE = 'renown.sig'

export interface FileRecord {
  readonly sha256: string
  readonly bytes: number
}

export interface MetricValue {
  readonly value: number
  /** 95 % interval, where one was computed. */
  readonly low?: number
  readonly high?: number
}

export interface ClassMetrics {
  readonly label: string
  readonly precision: number
  readonly recall: number
  readonly f1: number
  readonly support: number
}

/** What one served file scored on one data set. */
export interface ManifestEvaluation {
  /** The model file that was evaluated, such as `onnx/model_quantized.onnx`. */
  readonly file: string
  /** How the weights were held in the session: `int8`, `uint8` or `float32`. */
  readonly encoding?: string
  readonly dataSet: string
  /** The commit of a data set from the Hub. */
  readonly revision?: string
  readonly split: string
  readonly rows: number
  /** SHA-256 of the data file. */
  readonly sha256: string
  /** SHA-256 that the model file had. */
  readonly fileSha256?: string
  readonly date?: string
  /** By name: `macroRecall`, `accuracy`, `macroF1`, `ece`, and `eceBefore`, as it is without the temperature. */
  readonly metrics: Readonly<Record<string, MetricValue>>
  readonly perClass?: readonly ClassMetrics[]
  /** Rows are the true labels, columns the predicted ones, in label order. */
  readonly confusion?: readonly (readonly number[])[]
}

export interface TrainingDataSet {
  readonly name: string
  /** The configuration, where the data set has several. */
  readonly config?: string
  /** The commit of a data set from the Hub. */
  readonly revision?: string
  readonly split?: string
  readonly rows?: number
  readonly sha256?: string
}

export interface TrainingRecord {
  readonly data: readonly TrainingDataSet[]
  readonly recipe: Readonly<Record<string, unknown>>
  readonly trainer?: string
  /** Commit of the code; `-dirty` at its end where files had changes. */
  readonly commit?: string
  readonly seconds?: number
  readonly machine?: MachineRecord
  /** What the evaluations during training gave. */
  readonly curve?: readonly CurvePoint[]
  readonly notes?: string
}

/** What a run repeats on bit for bit, and what its speed was measured on. */
export interface MachineRecord {
  readonly cpu: string
  readonly threads: number
  /** Such as `linux x64`. */
  readonly platform: string
  /** Versions. */
  readonly node: string
  readonly onnxruntime: string
}

/** One evaluation during training. */
export interface CurvePoint {
  readonly epoch: number
  readonly step: number
  /** Mean training loss since the evaluation before, where it was logged. */
  readonly loss?: number
  readonly evalLoss?: number
  /** Under their names in `log_history`, without `eval_`. */
  readonly metrics: Readonly<Record<string, number>>
}

/** How the temperature was found. */
export interface TemperatureRecord {
  readonly value: number
  readonly dataSet: string
  readonly split: string
  readonly rows: number
  /** Mean negative log-likelihood in nats, with temperature 1 and with this one. */
  readonly nllBefore: number
  readonly nllAfter: number
}

export interface BaseModel {
  readonly name: string
  /** The commit of a model from the Hub. */
  readonly revision?: string
  /** SHA-256 of its weights file, or over the names and hashes of its shards. */
  readonly sha256?: string
}

export interface ModelManifest {
  readonly format: 1
  readonly name: string
  readonly version: string
  readonly parent: string | null
  readonly base: BaseModel | null
  readonly license: string
  readonly created: string
  /** In the order of the logits. */
  readonly labels: readonly string[]
  /** Logits are divided by this before softmax. */
  readonly temperature: number
  /** How it was found, where that is known. */
  readonly temperatureFit?: TemperatureRecord
  /** Tokens a window, special tokens included; without it the tokenizer's own limit holds. */
  readonly window?: number
  readonly preparation: Preparation
  readonly training: TrainingRecord | null
  readonly evaluations: readonly ManifestEvaluation[]
  /** What the served files answered to a few texts where they were made: whoever serves them must answer the same. */
  readonly answers?: RecordedAnswers
  /** The hash of the reference profile, which lies beside the files: answers don't depend on it. */
  readonly profile?: FileRecord
  /** Every file that a loader may read. The card is not among them: it is made from this manifest. */
  readonly files: Readonly<Record<string, FileRecord>>
}

/** Validates the parsed JSON of renown.json. Fields it doesn't know are left alone. Throws MANIFEST_INVALID. */
export function parseManifest(json: unknown): ModelManifest {
  const fields = readObject(json, 'the document')
  if (fields.format !== 1) refuseField('format', '1 (the only manifest format this version reads)', fields.format)
  const labels = readLabels(fields.labels, 'labels')
  return {
    format: 1,
    name: readText(fields.name, 'name'),
    version: readText(fields.version, 'version'),
    parent: readOrNull(readText)(fields.parent, 'parent'),
    base: readOrNull(readBase)(fields.base, 'base'),
    license: readText(fields.license, 'license'),
    created: readTime(fields.created, 'created'),
    labels,
    temperature: readTemperature(fields.temperature, 'temperature'),
    ...optional('temperatureFit', fields.temperatureFit, readTemperatureFit, 'temperatureFit'),
    ...optional('window', fields.window, readWindow, 'window'),
    preparation: readPreparation(fields.preparation, 'preparation'),
    training: readOrNull(readTraining)(fields.training, 'training'),
    evaluations: readList(readEvaluation)(fields.evaluations, 'evaluations'),
    ...optional('answers', fields.answers, (value, path) => readAnswers(value, path, labels.length), 'answers'),
    ...optional('profile', fields.profile, readFileRecord, 'profile'),
    files: readFiles(fields.files, 'files'),
  }
}

/** Sets a field only where there is a value: `undefined` never stands in an object. */
function optional<K extends string, T>(
  key: K,
  value: unknown,
  read: (value: unknown, path: string) => T,
  path: string,
): { readonly [P in K]?: T } {
  return value === undefined || value === null ? {} : ({ [key]: read(value, path) } as { readonly [P in K]?: T })
}

function readLabels(value: unknown, path: string): readonly string[] {
  const labels = readList(readText)(value, path)
  if (labels.length < 2) refuseField(path, 'two labels or more', value)
  if (new Set(labels).size !== labels.length) refuseField(path, 'labels that differ', value)
  return labels
}

function readTemperature(value: unknown, path: string): number {
  const temperature = readFinite(value, path)
  if (temperature <= 0) refuseField(path, 'a number above 0', value)
  return temperature
}

function readTemperatureFit(value: unknown, path: string): TemperatureRecord {
  const fields = readObject(value, path)
  return {
    value: readTemperature(fields.value, `${path}.value`),
    dataSet: readText(fields.dataSet, `${path}.dataSet`),
    split: readText(fields.split, `${path}.split`),
    rows: readCount(fields.rows, `${path}.rows`),
    nllBefore: readFinite(fields.nllBefore, `${path}.nllBefore`),
    nllAfter: readFinite(fields.nllAfter, `${path}.nllAfter`),
  }
}

function readWindow(value: unknown, path: string): number {
  const window = readCount(value, path)
  if (window < 4) refuseField(path, 'at least 4 tokens', value)
  return window
}

function readBase(value: unknown, path: string): BaseModel {
  const fields = readObject(value, path)
  return {
    name: readText(fields.name, `${path}.name`),
    ...optional('revision', fields.revision, readText, `${path}.revision`),
    ...optional('sha256', fields.sha256, readHash, `${path}.sha256`),
  }
}

function readPreparation(value: unknown, path: string): Preparation {
  const fields = readObject(value, path)
  return {
    mentions: readOneOf(['keep', '@user'])(fields.mentions, `${path}.mentions`),
    urls: readOneOf(['keep', 'http', 'drop'])(fields.urls, `${path}.urls`),
    entities: readOneOf(['keep', 'decode'])(fields.entities, `${path}.entities`),
    escapes: readOneOf(['keep', 'decode'])(fields.escapes, `${path}.escapes`),
  }
}

/** Validates what is known of a model's training, as the manifest holds it and `renown export --training` takes it. */
export function readTraining(value: unknown, path: string): TrainingRecord {
  const fields = readObject(value, path)
  return {
    data: readList(readTrainingDataSet)(fields.data, `${path}.data`),
    recipe: readObject(fields.recipe ?? {}, `${path}.recipe`),
    ...optional('trainer', fields.trainer, readText, `${path}.trainer`),
    ...optional('commit', fields.commit, readText, `${path}.commit`),
    ...optional('seconds', fields.seconds, readFinite, `${path}.seconds`),
    ...optional('machine', fields.machine, readMachine, `${path}.machine`),
    ...optional('curve', fields.curve, readList(readCurvePoint), `${path}.curve`),
    ...optional('notes', fields.notes, readText, `${path}.notes`),
  }
}

function readMachine(value: unknown, path: string): MachineRecord {
  const fields = readObject(value, path)
  return {
    cpu: readText(fields.cpu, `${path}.cpu`),
    threads: readCount(fields.threads, `${path}.threads`),
    platform: readText(fields.platform, `${path}.platform`),
    node: readText(fields.node, `${path}.node`),
    onnxruntime: readText(fields.onnxruntime, `${path}.onnxruntime`),
  }
}

function readCurvePoint(value: unknown, path: string): CurvePoint {
  const fields = readObject(value, path)
  return {
    epoch: readFinite(fields.epoch, `${path}.epoch`),
    step: readCount(fields.step, `${path}.step`),
    ...optional('loss', fields.loss, readFinite, `${path}.loss`),
    ...optional('evalLoss', fields.evalLoss, readFinite, `${path}.evalLoss`),
    metrics: readRecord(readFinite)(fields.metrics, `${path}.metrics`),
  }
}

function readTrainingDataSet(value: unknown, path: string): TrainingDataSet {
  const fields = readObject(value, path)
  return {
    name: readText(fields.name, `${path}.name`),
    ...optional('config', fields.config, readText, `${path}.config`),
    ...optional('revision', fields.revision, readText, `${path}.revision`),
    ...optional('split', fields.split, readText, `${path}.split`),
    ...optional('rows', fields.rows, readCount, `${path}.rows`),
    ...optional('sha256', fields.sha256, readHash, `${path}.sha256`),
  }
}

function readEvaluation(value: unknown, path: string): ManifestEvaluation {
  const fields = readObject(value, path)
  return {
    file: readPath(fields.file, `${path}.file`),
    ...optional('encoding', fields.encoding, readText, `${path}.encoding`),
    dataSet: readText(fields.dataSet, `${path}.dataSet`),
    ...optional('revision', fields.revision, readText, `${path}.revision`),
    split: readText(fields.split, `${path}.split`),
    rows: readCount(fields.rows, `${path}.rows`),
    sha256: readHash(fields.sha256, `${path}.sha256`),
    ...optional('fileSha256', fields.fileSha256, readHash, `${path}.fileSha256`),
    ...optional('date', fields.date, readTime, `${path}.date`),
    metrics: readRecord(readMetric)(fields.metrics, `${path}.metrics`),
    ...optional('perClass', fields.perClass, readList(readClassMetrics), `${path}.perClass`),
    ...optional('confusion', fields.confusion, readList(readList(readCount)), `${path}.confusion`),
  }
}

function readMetric(value: unknown, path: string): MetricValue {
  const fields = readObject(value, path)
  return {
    value: readFinite(fields.value, `${path}.value`),
    ...optional('low', fields.low, readFinite, `${path}.low`),
    ...optional('high', fields.high, readFinite, `${path}.high`),
  }
}

function readClassMetrics(value: unknown, path: string): ClassMetrics {
  const fields = readObject(value, path)
  return {
    label: readText(fields.label, `${path}.label`),
    precision: readFinite(fields.precision, `${path}.precision`),
    recall: readFinite(fields.recall, `${path}.recall`),
    f1: readFinite(fields.f1, `${path}.f1`),
    support: readCount(fields.support, `${path}.support`),
  }
}

function readFiles(value: unknown, path: string): Readonly<Record<string, FileRecord>> {
  const files = readRecord(readFileRecord)(value, path)
  for (const name of Object.keys(files)) readPath(name, `${path}[${JSON.stringify(name)}]`)
  if (files['config.json'] === undefined) refuseField(`${path}["config.json"]`, 'a file record', undefined)
  return files
}

function readFileRecord(value: unknown, path: string): FileRecord {
  const fields = readObject(value, path)
  return { sha256: readHash(fields.sha256, `${path}.sha256`), bytes: readCount(fields.bytes, `${path}.bytes`) }
}

function readPath(value: unknown, path: string): string {
  const name = readText(value, path)
  const problem = checkRelativePath(name)
  if (problem !== null) refuseField(path, `a path inside the folder (${problem})`, value)
  return name
}
