// A table that may be wider than the screen: it scrolls sideways by itself, also by keyboard.
import type { ComponentChildren, VNode } from 'preact'

interface Props {
  /** For a screen reader. */
  readonly name: string
  /** Scrolls downwards as well. */
  readonly tall?: boolean
  readonly children: ComponentChildren
}

export function TableBox({ name, tall = false, children }: Props): VNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <figure class={tall ? 'table-scroll is-tall' : 'table-scroll'} tabIndex={0} aria-label={name}>
      {children}
    </figure>
  )
}
