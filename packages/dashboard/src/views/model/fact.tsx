// A name and what it is, in a list of facts.
import type { ComponentChildren, VNode } from 'preact'

export function Fact({ name, children }: { name: string; children: ComponentChildren }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
