// Names that a Parquet file notes for the numbers in its column of labels.
import { describeParquet } from '@renown/files'
import { readNotedFeatures } from '@renown/models'

/** As `datasets` leaves them; null where there are none. Throws what `describeParquet` throws. */
export async function readLabelNames(path: string, column: string): Promise<readonly string[] | null> {
  const { notes } = await describeParquet(path)
  const features = readNotedFeatures(notes.huggingface ?? '')
  return features.find(({ name }) => name === column)?.labels ?? null
}
