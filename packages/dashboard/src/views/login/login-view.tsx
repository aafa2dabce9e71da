// The login: an API key for a session cookie. The key is sent once and kept nowhere on the page.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { type ApiError, asApiError } from '../../api/errors.ts'
import { PATHS } from '../../api/paths.ts'
import { useServices } from '../../app/context.tsx'
import { Heading } from '../../components/heading.tsx'
import { Notice } from '../../components/notice.tsx'

export function LoginView({ onLogin }: { onLogin: () => void }): VNode {
  const { api } = useServices()
  const [key, setKey] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)

  async function logIn(): Promise<void> {
    setBusy(true)
    setError(null)
    try {
      await api.post(PATHS.session, { key: key.trim() })
      setKey('')
      onLogin()
    } catch (reason) {
      setError(asApiError(reason))
    } finally {
      setBusy(false)
    }
  }

  return (
    <div class="login">
      <Heading title="Log in" />
      <p class="lead">This server asks who you are. Your key stays between you and the server.</p>
      <form
        class="card form"
        onSubmit={(event) => {
          event.preventDefault()
          if (key.trim() !== '' && !busy) void logIn()
        }}
      >
        <label for="login-key">API key</label>
        <input
          id="login-key"
          class="field"
          type="password"
          autocomplete="current-password"
          spellcheck={false}
          required
          value={key}
          aria-invalid={error !== null}
          onInput={(event) => setKey(event.currentTarget.value)}
        />
        <p class="quiet">
          Whoever runs this server makes one with <code>renown keys create</code>.
        </p>
        <button type="submit" class="button is-primary" disabled={busy}>
          {busy ? 'Logging in' : 'Log in'}
        </button>
        {error !== null && <Notice error={error} />}
      </form>
    </div>
  )
}
