// A button for what others will ask about: it opens a line for the reason, and only that does it.
import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { useAction } from '../app/hooks.ts'
import { Notice } from './notice.tsx'

interface Props {
  /** On the button, and on the one that does it. */
  readonly words: string
  /** What it means, said before it is done. */
  readonly children?: ComponentChildren
  onConfirm(reason: string): Promise<void>
}

export function ReasonButton({ words, children, onConfirm }: Props): VNode {
  const [open, setOpen] = useState(false)
  const opener = useRef<HTMLButtonElement | null>(null)

  function close(): void {
    setOpen(false)
    opener.current?.focus()
  }

  return (
    <>
      <button ref={opener} type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        {words}…
      </button>
      {open && (
        <div class="reason-place">
          <ReasonForm words={words} onCancel={close} onConfirm={(reason) => onConfirm(reason).then(close)}>
            {children}
          </ReasonForm>
        </div>
      )}
    </>
  )
}

interface FormProps extends Props {
  onCancel?: () => void
}

export function ReasonForm({ words, children, onConfirm, onCancel }: FormProps): VNode {
  const id = useId()
  const field = useRef<HTMLInputElement | null>(null)
  const [reason, setReason] = useState('')
  const { busy, error, run } = useAction()
  // What was opened is typed into; what stands there anyway takes no focus.
  useEffect(() => {
    if (onCancel !== undefined) field.current?.focus()
  }, [])
  return (
    <form
      class="reason form"
      onKeyDown={(event) => event.key === 'Escape' && onCancel?.()}
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) run(() => onConfirm(reason.trim()).then(() => setReason('')))
      }}
    >
      {children}
      <div class="form-field">
        <label for={id}>Why</label>
        <input
          ref={field}
          id={id}
          class="field"
          required
          pattern=".*\S.*"
          maxLength={500}
          autocomplete="off"
          value={reason}
          aria-describedby={`${id}-hint`}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <span class="quiet" id={`${id}-hint`}>
          One line. It is kept, and others read it.
        </span>
      </div>
      {error !== null && <Notice error={error} meaning="Nothing was changed." />}
      <div class="actions">
        <button type="submit" class="button is-primary" disabled={busy || reason.trim() === ''}>
          {words}
        </button>
        {onCancel !== undefined && (
          <button type="button" class="button" disabled={busy} onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  )
}
