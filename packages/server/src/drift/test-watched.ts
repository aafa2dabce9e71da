// For the tests: a tiny model with a reference profile, and made-up posts to score.
import { type ModelFolder, makeProfile, openModelFolder, recordEvaluation } from '@renown/models'
import { type Classification, SENTIMENTS } from '@renown/reputation'
import { makeTestModel } from '../registry/test-models.ts'
import { createTestEngine } from '../test-support.ts'

const MOODS = ['a good one', 'an awful one', 'one more'] as const

/** Distinct texts on a topic, other ones for another `seed`; of ten, so many are angry. */
export function makeTexts(topic: string, count: number, angry: number, seed = 1): string[] {
  let state = seed + 1
  const word = (): string => {
    state = (state * 48_271) % 2_147_483_647
    return `${topic}${10 + (state % 80)}`
  }
  return Array.from({ length: count }, (_, at) => {
    const mood = at % 10 < angry ? MOODS[1] : at % 2 === 0 ? MOODS[0] : MOODS[2]
    return `${mood} ${Array.from({ length: 3 + (state % 5) }, word).join(' ')}`
  })
}

/** Measured on 900 posts about bread, three of ten angry, of which the model gets every tenth wrong. */
export async function makeWatchedModel(home: string, version = 'test-1'): Promise<ModelFolder> {
  const path = await makeTestModel(home, { name: 'watched', version })
  const folder = await openModelFolder(path)
  const texts = makeTexts('bread', 900, 3, 100_000)
  const answers = (await createTestEngine().classify(texts)) as readonly Classification[]
  const classes = answers.map(({ label }, at) => (SENTIMENTS.indexOf(label) + (at % 10 === 9 ? 1 : 0)) % 3)
  const probabilities = answers.map(({ scores }) => SENTIMENTS.map((label) => scores[label]))
  const reference = await makeProfile(folder, { texts, classes, probabilities })
  const metrics = { accuracy: { value: 0.9 } }
  const evaluation = {
    file: 'model.safetensors',
    dataSet: 'bread',
    split: 'test',
    rows: 900,
    sha256: 'c'.repeat(64),
    metrics,
  }
  await recordEvaluation(path, evaluation, reference)
  return await openModelFolder(path)
}
