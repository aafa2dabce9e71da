// Adds a model of the Hub, or one in the server's data folder, as a version.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { PATHS } from '../../api/paths.ts'
import { useServices } from '../../app/context.tsx'
import { ReasonButton } from '../../components/reason-button.tsx'

export function AddVersion({ onStart }: { onStart: () => void }): VNode {
  const { api } = useServices()
  const [reference, setReference] = useState('')
  return (
    <ReasonButton
      words="Add a model"
      onConfirm={async (reason) => {
        await api.post(PATHS.addVersion, { reference: reference.trim(), reason })
        setReference('')
        onStart()
      }}
    >
      <div class="form-field">
        <label for="add-reference">Model</label>
        <input
          id="add-reference"
          class="field"
          required
          maxLength={300}
          autocomplete="off"
          spellcheck={false}
          placeholder="hf:owner/name"
          value={reference}
          aria-describedby="add-reference-hint"
          onInput={(event) => setReference(event.currentTarget.value)}
        />
        <span class="quiet" id="add-reference-hint">
          A repository of the Hub as <code>hf:owner/name@revision</code>, a folder in the server’s{' '}
          <code>HOME/models</code> by its name, or <code>default</code>.
        </span>
      </div>
    </ReasonButton>
  )
}
