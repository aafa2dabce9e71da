// Sends a file and says how far it is: XMLHttpRequest, because fetch reports no upload progress.
import { type ApiError, asApiError, errorFrom, unreachable } from './errors.ts'
import type { Scoring } from './types.ts'

export interface UploadProgress {
  readonly sent: number
  readonly total: number
}

export interface Upload {
  readonly done: Promise<Scoring>
  abort(): void
}

/** Starts the upload at once. `done` rejects with an ApiError, or with an AbortError after `abort`. */
export function uploadFile(path: string, file: File, onProgress: (progress: UploadProgress) => void): Upload {
  const request = new XMLHttpRequest()
  const done = new Promise<Scoring>((resolve, reject) => {
    request.upload.onprogress = (event) => {
      onProgress({ sent: Math.min(event.loaded, file.size), total: file.size })
    }
    request.onload = () => settle(request, resolve, reject)
    request.onerror = () => reject(unreachable())
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'))
  })
  const form = new FormData()
  form.append('file', file, file.name)
  request.open('POST', path)
  request.send(form)
  return { done, abort: () => request.abort() }
}

function settle(request: XMLHttpRequest, resolve: (scoring: Scoring) => void, reject: (error: ApiError) => void): void {
  if (request.status < 200 || request.status > 299) {
    reject(errorFrom(request.status, request.responseText, request.getResponseHeader('retry-after')))
    return
  }
  try {
    resolve(JSON.parse(request.responseText) as Scoring)
  } catch (error) {
    reject(asApiError(error))
  }
}
