// The chart's colours, read from the page's own custom properties, so that both themes have one source.

export interface Palette {
  readonly ink: string
  readonly muted: string
  readonly line: string
  readonly card: string
  readonly negative: string
  readonly neutral: string
  readonly positive: string
  readonly action: string
  readonly font: string
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const read = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  return {
    ink: read('ink'),
    muted: read('muted'),
    line: read('line'),
    card: read('card'),
    negative: read('negative'),
    neutral: read('neutral'),
    positive: read('positive'),
    action: read('action'),
    font: style.fontFamily,
  }
}
