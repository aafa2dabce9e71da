// GPT-2's splitting of text into words, as the byte-level pre-tokenizer does it.

/**
 * The pattern of the byte-level pre-tokenizer (Radford et al. 2019). `\s` is spelled out: Unicode's White_Space property,
 * which has U+0085 and lacks U+FEFF, unlike JavaScript's `\s`.
 */
export const BYTE_LEVEL_WORD: RegExp =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu

/** A letter for every byte, so that any text is made of tokens that can be written in a vocabulary file. */
const BYTE_LETTERS: readonly string[] = byteLetters()

/** The word's UTF-8 bytes as letters. */
export function toByteLetters(word: string): string {
  let letters = ''
  for (const byte of Buffer.from(word, 'utf8')) letters += BYTE_LETTERS[byte]
  return letters
}

/** `bytes_to_unicode` of GPT-2's encoder.py: printable Latin-1 stands for itself, the rest follows from U+0100. */
function byteLetters(): string[] {
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae
    return String.fromCharCode(printable ? byte : next++)
  })
}
