// Script and language of a post, as far as a look at its letters and little words can tell.
import type { Language, Script } from './features.ts'

const LETTERS: readonly (readonly [Script, RegExp])[] = [
  ['latin', /\p{Script=Latin}/gu],
  ['cyrillic', /\p{Script=Cyrillic}/gu],
  ['arabic', /\p{Script=Arabic}/gu],
  ['devanagari', /\p{Script=Devanagari}/gu],
  ['east_asian', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu],
]

/** Most posts: no need to look at each letter. */
const ASCII = /^[\x20-\x7e\s]*$/

/** The script that most letters are of; `none` where there are no letters. */
export function findScript(plain: string): Script {
  if (ASCII.test(plain)) return /[a-z]/i.test(plain) ? 'latin' : 'none'
  const total = plain.match(/\p{L}/gu)?.length ?? 0
  if (total === 0) return 'none'
  let known = 0
  let best: Script = 'other'
  let most = 0
  for (const [script, pattern] of LETTERS) {
    const count = plain.match(pattern)?.length ?? 0
    known += count
    if (count <= most) continue
    most = count
    best = script
  }
  return total - known > most ? 'other' : best
}

/** Words that every longer text of a language has, and that few others have. */
const LITTLE_WORDS: Readonly<Record<Exclude<Language, 'unknown'>, string>> = {
  en: 'the and to of is you that it for on with this my be at are have not was we they so if just your what all will out when from about',
  de: 'der die das und ist nicht ich ein eine zu mit auf für den im dem es auch sich wir sie von wie aber nur noch bei',
  es: 'el la los las de que y en un una por con para es no se lo como más pero su al del está yo me te ya muy',
  fr: 'le la les des et est que qui un une pour dans pas ce il elle je vous nous sur avec au du mais tout plus ne',
  id: 'yang dan di ini itu dengan untuk tidak ada dari aku kamu saya ke bisa juga sudah akan kita lagi nya',
  it: 'il lo gli di che è un una per con non sono ma mi ti si come più anche questo della nel al ho',
  nl: 'de het een en van ik is niet dat je te op met voor zijn maar er ook wat nog naar bij aan',
  pt: 'o os as de que e em um uma por com para é não se mais do da no na eu você meu mas muito tem',
  tr: 've bir bu da de için çok ne ben sen mi ama gibi daha var yok o kadar değil her',
}

const LANGUAGES_BY_WORD = indexWords()

function indexWords(): ReadonlyMap<string, readonly Language[]> {
  const index = new Map<string, Language[]>()
  for (const [language, words] of Object.entries(LITTLE_WORDS)) {
    for (const word of words.split(' ')) index.set(word, [...(index.get(word) ?? []), language as Language])
  }
  return index
}

/** A word that several languages share counts less; `unknown` where no language has two words, or two have as many. */
export function findLanguage(words: readonly string[]): Language {
  const score = new Map<Language, number>()
  for (const word of new Set(words)) {
    const languages = LANGUAGES_BY_WORD.get(word) ?? []
    for (const language of languages) score.set(language, (score.get(language) ?? 0) + 1 / languages.length)
  }
  const [first, second] = [...score].sort(([, a], [, b]) => b - a)
  if (first === undefined || first[1] < 1.5 || first[1] === second?.[1]) return 'unknown'
  return first[0]
}
