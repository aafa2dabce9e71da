// Whether the gate's report that lies in a model folder speaks for the model.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelsError } from '../errors.ts'
import type { ModelFolder } from '../open-model-folder.ts'
import { GATE_REPORT } from './read-gate-report.ts'
import { readReportOn } from './report-objection.ts'

/** A folder without a report is fine. Throws GATE_NOT_PASSED. */
export async function checkOwnReport({ path, hash, manifest }: ModelFolder): Promise<void> {
  const text = await readFile(join(path, GATE_REPORT), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  const reading = text === null ? null : readReportOn(text, { hash, champion: null })
  if (reading?.kind !== 'objection') return
  throw new ModelsError(
    'GATE_NOT_PASSED',
    `${manifest.name} ${manifest.version} has a ${GATE_REPORT} that speaks against it: ${reading.reason}`,
  )
}
