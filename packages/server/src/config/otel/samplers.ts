// Which traces are kept, as OTEL_TRACES_SAMPLER names it.
import { oneOf } from '../parse-setting.ts'

export interface Sampler {
  readonly name: string
  /** Share of the traces that are decided on here and kept; null: as the argument says. */
  readonly ratio: number | null
  /** Whether a trace that comes along is kept as its header says; otherwise it is decided on here like any other. */
  readonly followsParent: boolean
}

export const DEFAULT_SAMPLER: Sampler = { name: 'parentbased_always_on', ratio: 1, followsParent: true }

const PARENT = 'parentbased_'
const ROOTS = ['always_on', 'always_off', 'traceidratio'] as const
const RATIOS = { always_on: 1, always_off: 0, traceidratio: null } as const

const SAMPLERS: readonly Sampler[] = ROOTS.flatMap((root) => [
  { name: `${PARENT}${root}`, ratio: RATIOS[root], followsParent: true },
  { name: root, ratio: RATIOS[root], followsParent: false },
])

const parseName = oneOf(SAMPLERS.map(({ name }) => name))

/** Throws an Error that lists the samplers. */
export function parseSampler(text: string): Sampler {
  const name = parseName(text.toLowerCase())
  return SAMPLERS.find((sampler) => sampler.name === name) ?? DEFAULT_SAMPLER
}
