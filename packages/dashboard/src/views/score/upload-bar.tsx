// How far an upload is.
import type { VNode } from 'preact'
import type { UploadProgress } from '../../api/upload.ts'
import { ProgressBar } from '../../components/progress-bar.tsx'
import { formatBytes } from '../../format/number.ts'
import { formatLeft } from '../../format/time.ts'

interface Props {
  readonly file: File
  readonly started: number
  readonly progress: UploadProgress
  onCancel(): void
}

export function UploadBar({ file, started, progress, onCancel }: Props): VNode {
  const { sent, total } = progress
  const share = total === 0 ? 0 : sent / total
  return (
    <section class="drop is-busy" aria-label="Upload">
      <p class="drop-words">
        Uploading <bdi class="clip">{file.name}</bdi>
      </p>
      <ProgressBar share={share} name="Upload" />
      <p class="quiet">
        {share >= 1 ? 'Reading the first rows' : describeUpload(progress, performance.now() - started)}
      </p>
      <button type="button" class="button" onClick={onCancel}>
        Cancel
      </button>
    </section>
  )
}

function describeUpload({ sent, total }: UploadProgress, ms: number): string {
  const words = `${formatBytes(sent)} of ${formatBytes(total)}`
  if (ms < 2000 || sent === 0) return words
  const perSecond = (sent * 1000) / ms
  return `${words} · ${formatBytes(perSecond)} a second · ${formatLeft((total - sent) / perSecond)}`
}
