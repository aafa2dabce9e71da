// An error as people can use it: what happened, what to do, and a code to search for.
import type { ComponentChildren, VNode } from 'preact'
import type { ApiError } from '../api/errors.ts'
import { explainProblem } from '../sentence/problems.ts'

interface NoticeProps {
  readonly error: Pick<ApiError, 'code' | 'title' | 'detail'> & { readonly request?: string | null }
  /** What it means for what is on the page. */
  readonly meaning?: string
  readonly children?: ComponentChildren
}

export function Notice({ error, meaning, children }: NoticeProps): VNode {
  const { what, detail, next } = explainProblem(error)
  return (
    <div class="notice">
      <div role="alert">
        <p class="notice-what">{what}</p>
        {detail !== undefined && detail !== '' && <p>{detail}</p>}
        {meaning !== undefined && <p>{meaning}</p>}
        {next !== '' && <p>{next}</p>}
        <p class="quiet">
          Code <code>{error.code}</code>
          {error.request != null && (
            <>
              {' '}
              · request <code>{error.request}</code>
            </>
          )}
        </p>
      </div>
      {children !== undefined && <div class="actions">{children}</div>}
    </div>
  )
}
