// Puts a gate's report on the disk: as JSON for programs, Markdown for summaries and cards, HTML for people.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelsError } from '../errors.ts'
import { replaceFile } from '../replace-file.ts'
import type { GateReport } from './gate-types.ts'
import { renderGateHtml } from './render-gate-html.ts'
import { renderGateMarkdown } from './render-gate-markdown.ts'

/** `gate.json`, `gate.md` and `gate.html`; older ones are replaced. Throws GATE_UNRECORDED. */
export async function writeGateReport(folder: string, report: GateReport): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await replaceFile(join(folder, 'gate.json'), renderGateJson(report))
    await replaceFile(join(folder, 'gate.md'), renderGateMarkdown(report))
    await replaceFile(join(folder, 'gate.html'), renderGateHtml(report))
  } catch (cause) {
    throw new ModelsError(
      'GATE_UNRECORDED',
      `the report can't be written into "${folder}": ${(cause as Error).message}`,
      {
        cause,
      },
    )
  }
}

export function renderGateJson(report: GateReport): string {
  return `${JSON.stringify(report, null, 2)}\n`
}
