// Text of strangers, made safe to look at: it stays text, and what is invisible is made visible.

/** NUL and other control characters (but tab and line breaks), which fonts draw as nothing or as a box. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g
/** Marks that turn the direction of all text after them. The post is isolated, but its own words would still lie. */
const OVERRIDES = /[\u202a-\u202e\u2066-\u2069]/g
const LONE_SURROGATES = /\p{Surrogate}/gu

/** Replaces control characters and lone surrogates by U+FFFD, and drops marks that override the text's direction. */
export function showControls(text: string): string {
  return text.replace(CONTROLS, '\ufffd').replace(LONE_SURROGATES, '\ufffd').replace(OVERRIDES, '')
}

/** The first line's worth of a text, for lists and names: white space is one space. */
export function oneLine(text: string, most: number = 200): string {
  const flat = showControls(text).replace(/\s+/g, ' ').trim()
  // No character takes more than two units.
  const points = Array.from(flat.slice(0, most * 2 + 1))
  return points.length > most ? `${points.slice(0, most - 1).join('')}…` : flat
}
