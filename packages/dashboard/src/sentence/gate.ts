// What a gate said, in a word and in a sentence.
import type { GateSummary } from '../api/types.ts'
import { formatCount } from '../format/number.ts'

export interface GateWords {
  /** For a table. */
  readonly word: string
  readonly sentence: string
  /** What a person should know before this version is let to serve; null where it passed. */
  readonly warning: string | null
}

/** `champion` is the hash of what would be replaced; null for nothing. */
export function describeGate(gate: GateSummary | null, champion: string | null = null): GateWords {
  if (gate === null) {
    const sentence = 'No report of a gate came with it.'
    return { word: 'Not judged', sentence, warning: 'No gate has compared it with what serves now.' }
  }
  if (!gate.about_this) {
    const sentence = 'The report that came with it is about another model.'
    return { word: 'Not judged', sentence, warning: 'The report that came with it says nothing of this model.' }
  }
  const where = `${formatCount(gate.rows)} posts of ${gate.data_set}, ${gate.split}`
  switch (gate.verdict) {
    case 'pass': {
      const isOld = champion !== null && gate.champion !== champion
      const warning = isOld ? 'Its gate compared it with something else than what is the champion now.' : null
      return { word: 'Passed', sentence: `It passed on ${where}.`, warning }
    }
    case 'fail':
      return { word: 'Failed', sentence: `It failed on ${where}.`, warning: 'It failed its gate.' }
    case 'undecidable':
      return {
        word: 'Undecided',
        sentence: `${where} are too few to tell.`,
        warning: 'Its gate had too few posts to tell whether it is worse.',
      }
  }
}
