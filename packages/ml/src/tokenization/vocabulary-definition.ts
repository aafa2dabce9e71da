// Builds what tokenizer.json would say from bare vocabulary files, with the defaults of transformers' tokenizer classes.
import { MlError } from '../errors.ts'
import { asVocabulary, isRecord, type JsonRecord, tokenContent } from './json-values.ts'

const BERT_SPECIALS = { unk: '[UNK]', sep: '[SEP]', pad: '[PAD]', cls: '[CLS]', mask: '[MASK]' } as const
const ROBERTA_SPECIALS = {
  bos: '<s>',
  eos: '</s>',
  unk: '<unk>',
  sep: '</s>',
  pad: '<pad>',
  cls: '<s>',
  mask: '<mask>',
} as const

interface AddedToken {
  readonly id: number
  readonly content: string
  readonly single_word: boolean
  readonly lstrip: boolean
  readonly rstrip: boolean
  readonly normalized: boolean
  readonly special: boolean
}

/**
 * vocab.json + merges.txt as transformers' RobertaTokenizer reads them (models/roberta/tokenization_roberta.py): byte-level
 * BPE, `<s> … </s>`, no space put before the text unless `add_prefix_space` says so.
 */
export function byteLevelDefinition(vocabulary: JsonRecord, merges: string, settings: JsonRecord): JsonRecord {
  const ids = asVocabulary(vocabulary, 'vocab.json')
  const addPrefixSpace = settings.add_prefix_space === true
  const cls = specialToken('cls', ROBERTA_SPECIALS.cls, settings, ids)
  const sep = specialToken('sep', ROBERTA_SPECIALS.sep, settings, ids)
  return {
    version: '1.0',
    added_tokens: addedTokens(ROBERTA_SPECIALS, settings, ids),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: addPrefixSpace, trim_offsets: true, use_regex: true },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [sep.content, sep.id],
      cls: [cls.content, cls.id],
      trim_offsets: true,
      add_prefix_space: addPrefixSpace,
    },
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: vocabulary,
      merges: parseMerges(merges),
    },
  }
}

/**
 * vocab.txt as transformers' BertTokenizer reads it (models/bert/tokenization_bert.py): lower case unless `do_lower_case`
 * is false, accents go where the case goes unless `strip_accents` decides, spaces around CJK characters.
 */
export function wordPieceDefinition(lines: string, settings: JsonRecord): JsonRecord {
  const vocabulary = parseVocabularyLines(lines)
  const ids = asVocabulary(vocabulary, 'vocab.txt')
  const unknown = specialToken('unk', BERT_SPECIALS.unk, settings, ids)
  const cls = specialToken('cls', BERT_SPECIALS.cls, settings, ids)
  const sep = specialToken('sep', BERT_SPECIALS.sep, settings, ids)
  const item = (token: AddedToken): JsonRecord => ({ SpecialToken: { id: token.content, type_id: 0 } })
  return {
    version: '1.0',
    added_tokens: addedTokens(BERT_SPECIALS, settings, ids),
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: settings.tokenize_chinese_chars !== false,
      strip_accents: typeof settings.strip_accents === 'boolean' ? settings.strip_accents : null,
      lowercase: settings.do_lower_case !== false,
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [item(cls), { Sequence: { id: 'A', type_id: 0 } }, item(sep)],
      pair: [],
      special_tokens: {},
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: unknown.content,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: vocabulary,
    },
  }
}

/** One token a line; the line's number is its id; a repeated token keeps its last id. */
function parseVocabularyLines(lines: string): Record<string, number> {
  const tokens = lines.split(/\r\n|\r|\n/)
  if (tokens.at(-1) === '') tokens.pop()
  return Object.fromEntries(tokens.map((token, id) => [token, id]))
}

function parseMerges(text: string): [string, string][] {
  const merges: [string, string][] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '' || line.startsWith('#version')) continue
    const [left, right, ...rest] = line.split(' ')
    if (!left || !right || rest.length > 0) {
      throw new MlError(
        'TOKENIZER_INVALID',
        `merges.txt line ${index + 1}: expected two tokens, got "${line.slice(0, 80)}"`,
      )
    }
    merges.push([left, right])
  }
  return merges
}

/** Special tokens of the vocabulary and those that tokenizer_config.json adds, each id once. */
function addedTokens(
  names: Readonly<Record<string, string>>,
  settings: JsonRecord,
  ids: ReadonlyMap<string, number>,
): AddedToken[] {
  const byId = new Map<number, AddedToken>()
  for (const [name, fallback] of Object.entries(names)) {
    const token = findSpecialToken(name, fallback, settings, ids)
    if (token) byId.set(token.id, token)
  }
  const decoder = isRecord(settings.added_tokens_decoder) ? settings.added_tokens_decoder : {}
  for (const [key, value] of Object.entries(decoder)) {
    const id = Number(key)
    const content = tokenContent(value)
    if (Number.isInteger(id) && id >= 0 && content) byId.set(id, describeToken(id, content, value))
  }
  return [...byId.values()].sort((a, b) => a.id - b.id)
}

function findSpecialToken(
  name: string,
  fallback: string,
  settings: JsonRecord,
  ids: ReadonlyMap<string, number>,
): AddedToken | undefined {
  const value = settings[`${name}_token`]
  const content = tokenContent(value) ?? fallback
  const id = ids.get(content)
  return id === undefined ? undefined : describeToken(id, content, value)
}

function specialToken(
  name: string,
  fallback: string,
  settings: JsonRecord,
  ids: ReadonlyMap<string, number>,
): AddedToken {
  const token = findSpecialToken(name, fallback, settings, ids)
  if (token) return token
  const content = tokenContent(settings[`${name}_token`]) ?? fallback
  throw new MlError(
    'TOKENIZER_INVALID',
    `The vocabulary lacks the ${name} token: expected "${content}" among ${ids.size} tokens`,
  )
}

function describeToken(id: number, content: string, value: unknown): AddedToken {
  const details = isRecord(value) ? value : {}
  return {
    id,
    content,
    single_word: details.single_word === true,
    lstrip: details.lstrip === true,
    rstrip: details.rstrip === true,
    normalized: details.normalized === true,
    special: details.special !== false,
  }
}
