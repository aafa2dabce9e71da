// Strings that can be written as UTF-8.

const LONE_SURROGATE = /\p{Surrogate}/gu

/** Every lone surrogate becomes U+FFFD, as `String.prototype.toWellFormed` does. */
export function toWellFormed(text: string): string {
  return text.replace(LONE_SURROGATE, '\ufffd')
}
