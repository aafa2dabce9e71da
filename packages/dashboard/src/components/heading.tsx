// A view's h1: it takes the focus when the view opens and names the window.
import type { ComponentChildren, VNode } from 'preact'
import { useHeadingFocus } from '../app/hooks.ts'

export function Heading({ title, children }: { title: string; children?: ComponentChildren }): VNode {
  const heading = useHeadingFocus(title)
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children ?? title}
    </h1>
  )
}
