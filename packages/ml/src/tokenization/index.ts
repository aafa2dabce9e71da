// Tokenisation: texts to token ids, as transformers does it.
export {
  type EncodedText,
  loadTextEncoder,
  TEXT_LIMIT_CHARS,
  type TextEncoder,
  type TextEncoderOptions,
} from './text-encoder.ts'
