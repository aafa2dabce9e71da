// A Dockerfile as data: stages and their steps.

export interface Step {
  readonly instruction: string
  /** What follows the instruction, lines joined. */
  readonly text: string
}

export interface Stage {
  readonly name: string
  readonly from: string
  readonly steps: readonly Step[]
}

export interface Dockerfile {
  readonly args: ReadonlyMap<string, string>
  readonly stages: readonly Stage[]
}

export function parseDockerfile(text: string): Dockerfile {
  const args = new Map<string, string>()
  const stages: { name: string; from: string; steps: Step[] }[] = []
  for (const { instruction, text: rest } of readSteps(text)) {
    const stage = stages.at(-1)
    if (instruction === 'FROM') stages.push({ ...readFrom(rest, args), steps: [] })
    else if (stage !== undefined) stage.steps.push({ instruction, text: rest })
    else if (instruction === 'ARG') args.set(...readPair(rest))
  }
  return { args, stages }
}

function readSteps(text: string): Step[] {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'))
  const joined = lines.join('\n').replace(/\\\n\s*/g, '')
  return joined
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, instruction = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
      if (instruction === '') throw new Error(`expected an instruction in capitals, got "${line}"`)
      return { instruction, text: rest.trim() }
    })
}

function readFrom(text: string, args: ReadonlyMap<string, string>): { name: string; from: string } {
  const filled = text.replace(/\$\{(\w+)\}/g, (_, name: string) => args.get(name) ?? '')
  const [, from = '', name = ''] = /^(\S+)\s+AS\s+(\S+)$/.exec(filled) ?? []
  if (from === '') throw new Error(`expected FROM image AS name, got "${text}"`)
  return { name, from }
}

function readPair(text: string): [string, string] {
  const at = text.indexOf('=')
  return [text.slice(0, at), text.slice(at + 1)]
}

export interface Copy {
  readonly from: string | null
  readonly flags: Readonly<Record<string, string>>
  readonly sources: readonly string[]
  readonly target: string
}

export function readCopy(text: string): Copy {
  const words = text.split(/\s+/)
  const flags = Object.fromEntries(
    words.filter((word) => word.startsWith('--')).map((word) => readPair(word.replace(/^--/, ''))),
  )
  const paths = words.filter((word) => !word.startsWith('--'))
  return { from: flags.from ?? null, flags, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' }
}

/** NAME=VALUE pairs of one ENV or LABEL step. */
export function readPairs(text: string): ReadonlyMap<string, string> {
  const pairs = [...text.matchAll(/([\w.]+)=("[^"]*"|\S+)/g)]
  return new Map(pairs.map(([, name = '', value = '']) => [name, value.replace(/^"|"$/g, '')]))
}
