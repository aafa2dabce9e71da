// Which columns of a data set hold the texts and the labels, and what the labels are called.
import { guessColumns, type ParquetDescription } from '@renown/files'
import { asRecord, type Feature, readLabels } from './read-card.ts'

export interface DataSetColumns {
  /** Columns with text, the likeliest first. */
  readonly textColumns: readonly string[]
  /** Columns that may hold labels, the likeliest first. */
  readonly labelColumns: readonly string[]
  /** Names of the first label column's classes, in their order; null where the cells themselves are the names. */
  readonly labels: readonly string[] | null
}

/** From the notes that `datasets` leaves in Parquet files, else from the card; from names alone where neither knows. */
export function findColumns({ columns, notes }: ParquetDescription, fromCard: readonly Feature[]): DataSetColumns {
  const noted = readNotedFeatures(notes.huggingface ?? '')
  const known = new Map([...fromCard, ...noted].map((feature) => [feature.name, feature]))
  const names = columns.map(({ name }) => name)
  const guess = guessColumns(names, [])
  const texts = columns.filter(({ isText }) => isText).map(({ name }) => name)
  const classes = names.filter((name) => (known.get(name)?.labels ?? null) !== null)
  const labelColumns = putFirst(
    classes,
    classes.includes(guess.label ?? '') || classes.length === 0 ? guess.label : null,
  )
  const [first] = labelColumns
  return {
    textColumns: putFirst(
      texts.filter((name) => name !== first),
      texts.includes(guess.text ?? '') ? guess.text : null,
    ),
    labelColumns,
    labels: first === undefined ? null : (known.get(first)?.labels ?? null),
  }
}

function putFirst(names: readonly string[], first: string | null): string[] {
  return first === null ? [...names] : [first, ...names.filter((name) => name !== first)]
}

/** The note `huggingface`: `{"info": {"features": {"label": {"names": […], "_type": "ClassLabel"}}}}` */
export function readNotedFeatures(note: string): Feature[] {
  return Object.entries(parseFeatures(note)).map(([name, feature]) => {
    const { _type: type, dtype, names } = asRecord(feature)
    return { name, isText: dtype === 'string', labels: type === 'ClassLabel' ? readLabels(names) : null }
  })
}

function parseFeatures(note: string): Readonly<Record<string, unknown>> {
  try {
    return asRecord(asRecord(asRecord(JSON.parse(note)).info).features)
  } catch {
    return {}
  }
}
