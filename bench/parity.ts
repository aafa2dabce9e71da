// The same answers as transformers: labels of the fp32 model on the test split, and what the 8-bit file loses.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type EngineOptions, startEngine } from '@renown/inference'
import { type Evaluation, evaluate } from '@renown/ml'
import { type ModelFolder, openModelFolder, resolveModel } from '@renown/models'
import { type Classification, isRefusal, SENTIMENTS } from '@renown/reputation'
import { exportModel } from './support/export-model.ts'
import { testData, withTemporaryFolder } from './support/folders.ts'
import { atLeast, atMost, progress, publish } from './support/report.ts'
import { round } from './support/statistics.ts'
import { readTestSplit } from './support/texts.ts'

const REFERENCE = 'models/minilm-sentiment-reference'
const FP32 = 'reference, fp32'
const CALL = 1000
const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } })
const split = readTestSplit().slice(0, Number(values.rows))
const labels = split.map(({ label }) => (SENTIMENTS as readonly string[]).indexOf(label))

async function classifyAll(folder: ModelFolder, options: EngineOptions): Promise<Classification[]> {
  const engine = await startEngine(folder, options)
  const answers: Classification[] = []
  try {
    for (let i = 0; i < split.length; i += CALL) {
      const texts = split.slice(i, i + CALL).map(({ text }) => text)
      const outcomes = await engine.classify(texts, { priority: 'bulk', whenFull: 'wait' })
      for (const outcome of outcomes) {
        if (isRefusal(outcome)) throw new Error(`refused: ${outcome.error.code} ${outcome.error.message}`)
        answers.push(outcome)
      }
    }
    return answers
  } finally {
    await engine.close()
  }
}

function probabilities({ scores }: Classification): number[] {
  return SENTIMENTS.map((sentiment) => scores[sentiment])
}

function readReferenceLogits(): number[][] {
  const lines = readFileSync(testData(join(REFERENCE, 'test-logits.jsonl')), 'utf8')
    .trimEnd()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as number[])
}

function argMax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values))
}

function softmax(logits: readonly number[]): number[] {
  const powers = logits.map((logit) => Math.exp(logit - Math.max(...logits)))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

function compare(answers: readonly Classification[], logits: readonly (readonly number[])[]) {
  const own = answers.map(probabilities)
  const same = own.filter((row, i) => argMax(row) === argMax(logits[i] ?? [])).length
  const differences = own.flatMap((row, i) => {
    const reference = softmax(logits[i] ?? [])
    return row.map((value, j) => Math.abs(value - (reference[j] ?? Number.NaN)))
  })
  return { agreement: same / own.length, largest: differences.reduce((a, b) => Math.max(a, b), 0) }
}

await withTemporaryFolder(async (folder) => {
  const checkpoint = await openModelFolder(testData(REFERENCE))
  const exported = await openModelFolder(await exportModel(testData(REFERENCE), join(folder, 'reference')))
  const embedded = await resolveModel('default', { home: folder })
  const models: readonly (readonly [string, ModelFolder, EngineOptions])[] = [
    [FP32, checkpoint, { encoding: 'float32' }],
    ['reference, onnx/model.onnx', exported, { file: 'onnx/model.onnx' }],
    ['reference, int8 weights', exported, { encoding: 'int8' }],
    ['reference, uint8 weights', exported, { encoding: 'uint8' }],
    ['default, int8 weights', embedded, { encoding: 'int8' }],
    ['default, uint8 weights', embedded, { encoding: 'uint8' }],
  ]
  const logits = readReferenceLogits()
  const results: Record<string, Evaluation & { agreement: number; largest: number }> = {}
  for (const [name, model, options] of models) {
    const answers = await classifyAll(model, options)
    results[name] = { ...evaluate(labels, answers.map(probabilities), SENTIMENTS), ...compare(answers, logits) }
    progress(`${name}: macro recall ${round(results[name].macroRecall * 100, 2)}`)
  }
  const fp32 = results[FP32]
  if (fp32 === undefined) throw new Error('nothing was measured')
  publish('parity', {
    settings: { rows: split.length },
    rows: Object.entries(results).map(([name, result]) => ({
      model: name,
      'labels as transformers, %': round(result.agreement * 100, 3),
      'largest difference of a probability': Number(result.largest.toPrecision(2)),
      'macro recall': round(result.macroRecall * 100, 2),
      '95 %': result.intervals.macroRecall.map((value) => round(value * 100, 2)).join('–'),
      accuracy: round(result.accuracy * 100, 2),
      'macro F1': round(result.macroF1 * 100, 2),
    })),
    targets: [
      atLeast('labels of fp32 as transformers, share', fp32.agreement, 0.999),
      ...Object.entries(results)
        .filter(([name]) => name !== FP32)
        .map(([name, { macroRecall }]) =>
          atMost(`${name}: macro recall lost, points`, (fp32.macroRecall - macroRecall) * 100, 0.5),
        ),
    ],
  })
})
