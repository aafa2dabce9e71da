// Takes one file: dropped anywhere on the page, or chosen with the button.
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

const ACCEPT = '.csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.gz'

export function DropZone({ onFile }: { onFile: (file: File) => void }): VNode {
  const input = useRef<HTMLInputElement | null>(null)
  const [several, setSeveral] = useState(false)
  const over = useWindowDrop(take)

  function take(files: FileList | null): void {
    const first = files?.[0]
    setSeveral((files?.length ?? 0) > 1)
    if (first !== undefined && files?.length === 1) onFile(first)
  }

  return (
    <section class={over ? 'drop is-over' : 'drop'} aria-label="Choose a file">
      <p class="drop-words">{over ? 'Let go to upload it' : 'Drop a file here, or'}</p>
      <input
        ref={input}
        id="file"
        class="unseen"
        type="file"
        tabIndex={-1}
        aria-label="File with posts"
        accept={ACCEPT}
        onChange={(event) => {
          take(event.currentTarget.files)
          event.currentTarget.value = ''
        }}
      />
      <button type="button" class="button is-primary" onClick={() => input.current?.click()}>
        Choose a file
      </button>
      <p class="quiet">
        CSV, TSV, JSON, JSON Lines, Parquet, or text with a post on each line; also compressed with gzip. It is kept for
        a day, then removed.
      </p>
      <p class="drop-several" role="alert">
        {several ? 'One file at a time: choose one of them.' : ''}
      </p>
    </section>
  )
}

/** Whether a file is being dragged over the page; a drop anywhere counts. */
function useWindowDrop(take: (files: FileList | null) => void): boolean {
  const [depth, setDepth] = useState(0)
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    const enter = (event: DragEvent): void => {
      if (hasFiles(event)) setDepth((value) => value + 1)
    }
    const leave = (event: DragEvent): void => {
      if (hasFiles(event)) setDepth((value) => Math.max(0, value - 1))
    }
    const over = (event: DragEvent): void => {
      if (hasFiles(event)) event.preventDefault()
    }
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return
      event.preventDefault()
      setDepth(0)
      latest.current(event.dataTransfer?.files ?? null)
    }
    const handlers = { dragenter: enter, dragleave: leave, dragover: over, drop } as const
    for (const [name, handler] of Object.entries(handlers)) addEventListener(name, handler as EventListener)
    return () => {
      for (const [name, handler] of Object.entries(handlers)) removeEventListener(name, handler as EventListener)
    }
  }, [])
  return depth > 0
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}
