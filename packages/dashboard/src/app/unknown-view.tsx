// For an address of the page that leads nowhere.
import type { VNode } from 'preact'
import { Heading } from '../components/heading.tsx'

export function UnknownView(): VNode {
  return (
    <>
      <Heading title="There is nothing here" />
      <p class="lead">The address may be mistyped, or it belongs to an older version of this page.</p>
      <p>
        <a class="button is-primary" href="#/try">
          Go to the first page
        </a>
      </p>
    </>
  )
}
