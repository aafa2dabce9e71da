// "Score a file": drop a file or pick up one of the last day.
import type { VNode } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { type ApiError, asApiError, isAbort } from '../../api/errors.ts'
import { PATHS } from '../../api/paths.ts'
import { type Upload, type UploadProgress, uploadFile } from '../../api/upload.ts'
import { useServices } from '../../app/context.tsx'
import { formatRoute } from '../../app/route.ts'
import { Heading } from '../../components/heading.tsx'
import { Notice } from '../../components/notice.tsx'
import { DropZone } from './drop-zone.tsx'
import { RecentScorings } from './recent-scorings.tsx'
import { UploadBar } from './upload-bar.tsx'

interface Sending {
  readonly file: File
  readonly started: number
  readonly progress: UploadProgress
}

export function ScoreView(): VNode {
  const { connection } = useServices()
  const [sending, setSending] = useState<Sending | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  const upload = useRef<Upload | null>(null)

  async function send(file: File): Promise<void> {
    const started = performance.now()
    setError(null)
    setSending({ file, started, progress: { sent: 0, total: file.size } })
    upload.current = uploadFile(PATHS.upload, file, (progress) => setSending({ file, started, progress }))
    try {
      const scoring = await upload.current.done
      location.hash = formatRoute({ view: 'scoring', id: scoring.id, posts: null })
    } catch (reason) {
      if (isAbort(reason)) return
      const failure = asApiError(reason)
      if (failure.code === 'SERVER_UNREACHABLE') connection.report(false)
      setError(failure)
    } finally {
      setSending(null)
    }
  }

  return (
    <>
      <Heading title="Score a file" />
      <p class="lead">
        Drop in posts, one in each row. You get their net sentiment, how it moved, and every post behind it.
      </p>
      {sending === null ? (
        <DropZone onFile={(file) => void send(file)} />
      ) : (
        <UploadBar {...sending} onCancel={() => upload.current?.abort()} />
      )}
      {error !== null && <Notice error={error} meaning="The file was not scored." />}
      <RecentScorings />
    </>
  )
}
