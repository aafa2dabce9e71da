// Has the server read every byte of the registry; what it found is said where its tasks are.
import type { VNode } from 'preact'
import { PATHS } from '../../api/paths.ts'
import { useServices } from '../../app/context.tsx'
import { useAction } from '../../app/hooks.ts'
import { Notice } from '../../components/notice.tsx'

export function VerifyRegistry({ onStart }: { onStart: () => void }): VNode {
  const { api } = useServices()
  const { busy, error, run } = useAction()
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={busy}
        onClick={() => run(() => api.post(PATHS.verifyRegistry).then(onStart))}
      >
        Verify every version
      </button>
      {error !== null && <Notice error={error} meaning="Nothing was read." />}
    </>
  )
}
