// The answers that a model folder records, and how they are read: few lines in renown.json, one for each text.
import { readList, readObject, readText, refuseField } from '../read-fields.ts'

/** What one file answered to the texts. */
export interface FileAnswers {
  /** Such as `onnx/model_quantized.onnx`. */
  readonly file: string
  /** How the weights were held: `int8`, `uint8`, `float32`, or `foreign` for a file that isn't ours. */
  readonly encoding: string
  /** For each text the probabilities in label order, such as `0.0123 0.8123 0.1754`. */
  readonly probabilities: readonly string[]
}

export interface RecordedAnswers {
  readonly texts: readonly string[]
  readonly files: readonly FileAnswers[]
}

const MOST_TEXTS = 100
const MOST_CHARS = 2000
const DECIMALS = 5

export function renderProbabilities(probabilities: readonly number[]): string {
  return probabilities.map((value) => value.toFixed(DECIMALS)).join(' ')
}

/** Of one text, in label order. */
export function parseProbabilities(line: string): readonly number[] {
  return line.split(' ').map(Number)
}

/** Validates the field `answers` of renown.json. Throws MANIFEST_INVALID. */
export function readAnswers(value: unknown, path: string, labels: number): RecordedAnswers {
  const fields = readObject(value, path)
  const texts = readList(readText)(fields.texts, `${path}.texts`)
  const isSmall = texts.length > 0 && texts.length <= MOST_TEXTS && texts.every(({ length }) => length <= MOST_CHARS)
  if (!isSmall)
    refuseField(`${path}.texts`, `1 to ${MOST_TEXTS} texts of at most ${MOST_CHARS} characters`, texts.length)
  const readFile = (entry: unknown, at: string): FileAnswers => readFileAnswers(entry, at, texts.length, labels)
  return { texts, files: readList(readFile)(fields.files, `${path}.files`) }
}

function readFileAnswers(value: unknown, path: string, texts: number, labels: number): FileAnswers {
  const fields = readObject(value, path)
  const probabilities = readList(readText)(fields.probabilities, `${path}.probabilities`)
  if (probabilities.length !== texts) refuseField(`${path}.probabilities`, `${texts} lines`, probabilities.length)
  for (const line of probabilities) {
    const isSound = /^[01]\.\d+( [01]\.\d+)*$/.test(line) && parseProbabilities(line).length === labels
    if (!isSound) refuseField(`${path}.probabilities`, `${labels} probabilities, such as "0.25000 0.75000"`, line)
  }
  return {
    file: readText(fields.file, `${path}.file`),
    encoding: readText(fields.encoding, `${path}.encoding`),
    probabilities,
  }
}
