// An evaluation of a manifest as the API shows it.
import type { ModelEvaluation } from '@renown/contract'
import type { ManifestEvaluation } from '@renown/models/serving'

export function showEvaluation(evaluation: ManifestEvaluation): ModelEvaluation {
  const { file, encoding, dataSet, split, rows, sha256, fileSha256, date, metrics, perClass, confusion } = evaluation
  return {
    file,
    ...(encoding === undefined ? {} : { encoding }),
    data_set: dataSet,
    split,
    rows,
    sha256,
    ...(fileSha256 === undefined ? {} : { file_sha256: fileSha256 }),
    ...(date === undefined ? {} : { date }),
    metrics: { ...metrics },
    ...(perClass === undefined ? {} : { per_class: [...perClass] }),
    ...(confusion === undefined ? {} : { confusion: confusion.map((row) => [...row]) }),
  }
}
