// Puts a training report on the disk, whole or not at all.
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { replaceFile } from '../replace-file.ts'
import { failWriting } from '../write-whole-folder.ts'
import { renderTrainingReport } from './render-training-report.ts'
import type { TrainingReportData } from './report-data.ts'

/** Replaces an older report. Throws EXPORT_FAILED (disk full and the like). */
export async function writeTrainingReport(path: string, data: TrainingReportData): Promise<void> {
  const page = renderTrainingReport(data)
  try {
    await mkdir(dirname(resolve(path)), { recursive: true })
    await replaceFile(path, page)
  } catch (cause) {
    failWriting(path, cause)
  }
}
