// Scorers over real folders: which file runs, what is refused, and that neighbours don't change an answer.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readEncoderConfig } from '../encoders/index.ts'
import { exportOnnx } from '../export/index.ts'
import { openWeights } from '../weights/index.ts'
import { combineWindows, createScorer, softmax } from './index.ts'

const TINY_BERT = fileURLToPath(new URL('../../fixtures/tiny-bert', import.meta.url))
const TEXTS = [Int32Array.of(2, 13, 104, 71, 3), Int32Array.of(2, 3), Int32Array.of(2, 255, 252, 232, 9, 10, 237, 3)]

function largest(actual: readonly Float32Array[], expected: readonly Float32Array[]): number {
  return Math.max(
    ...actual.flatMap((row, index) => [...row].map((logit, label) => Math.abs(logit - expected[index]![label]!))),
  )
}

async function exportInto(folder: string, name: string, quantize: boolean): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true })
  const source = await openWeights(TINY_BERT)
  await exportOnnx(source, await readEncoderConfig(TINY_BERT), join(folder, 'onnx', name), { quantize })
  await source.close()
}

describe('a scorer', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'renown-scorer-'))
    await cp(join(TINY_BERT, 'config.json'), join(folder, 'config.json'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('reads the weights out of our quantised file into the packed graph, with the answers of the file itself', async () => {
    await exportInto(folder, 'model_quantized.onnx', true)
    const packed = await createScorer(folder, { threads: 1, encoding: 'uint8' })
    expect(packed).toMatchObject({ packed: true, encoding: 'uint8', file: 'onnx/model_quantized.onnx' })
    const weights = await createScorer(TINY_BERT, { threads: 1, encoding: 'uint8' })
    expect(await packed.score(TEXTS)).toEqual(await weights.score(TEXTS))
    await Promise.all([packed.release(), weights.release()])
  })

  it('holds the weights of our 32-bit file in 32 bits, whatever the CPU does best', async () => {
    await exportInto(folder, 'model.onnx', false)
    const float = await createScorer(folder, { threads: 1, file: 'onnx/model.onnx' })
    const weights = await createScorer(TINY_BERT, { threads: 1 })
    expect(float).toMatchObject({ packed: true, encoding: 'float32' })
    expect(await float.score(TEXTS)).toEqual(await weights.score(TEXTS))
    await Promise.all([float.release(), weights.release()])
  })

  it('runs a file whose tensors have other names as it is, padded', async () => {
    await exportInto(folder, 'model.onnx', false)
    const config = JSON.parse(await readFile(join(TINY_BERT, 'config.json'), 'utf8')) as object
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, vocab_size: 999 }))
    const foreign = await createScorer(folder, { threads: 1 })
    expect(foreign).toMatchObject({ packed: false, encoding: 'foreign', file: 'onnx/model.onnx' })
    const own = await createScorer(TINY_BERT, { threads: 1 })
    const [padded, packed] = [await foreign.score(TEXTS), await own.score(TEXTS)]
    expect(largest(padded, packed)).toBeLessThan(1e-4)
    await Promise.all([foreign.release(), own.release()])
  })

  it('gives a text the same answer whatever else is in its batch', async () => {
    const scorer = await createScorer(TINY_BERT, { threads: 1, encoding: 'uint8' })
    const outlier = Int32Array.from({ length: 40 }, (_, index) => 4 + index)
    const [alone] = await scorer.score([TEXTS[0]!])
    const [together] = await scorer.score([TEXTS[0]!, outlier, outlier, TEXTS[2]!])
    expect(largest([alone!], [together!])).toBeLessThan(1e-3)
    await scorer.release()
  })

  it('refuses a folder without weights, a damaged file, a sequence that is too long, and an empty one', async () => {
    await expect(createScorer(folder, { threads: 1 })).rejects.toMatchObject({ code: 'WEIGHTS_MISSING' })
    await mkdir(join(folder, 'onnx'))
    await writeFile(join(folder, 'onnx', 'model_quantized.onnx'), 'not a model')
    await expect(createScorer(folder, { threads: 1 })).rejects.toMatchObject({ code: 'MODEL_FILE_INVALID' })
    const scorer = await createScorer(TINY_BERT, { threads: 1 })
    await expect(scorer.score([new Int32Array(65).fill(5)])).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' })
    await expect(scorer.score([new Int32Array(0)])).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' })
    expect(await scorer.score([])).toEqual([])
    await scorer.release()
  })
})

describe('probabilities', () => {
  it('sum to 1, and neither huge nor equal logits make NaN', () => {
    expect(softmax([-100, 0, 0])).toEqual([expect.closeTo(0, 12), 0.5, 0.5])
    expect(softmax([1e30, 0, -1e30])).toEqual([1, 0, 0])
  })

  it('are flattened by a temperature above 1', () => {
    const [first] = softmax([Math.log(9), 0], 2)
    expect(first).toBeCloseTo(3 / 4, 12) // √9 : 1
  })

  it('of windows are weighted by their tokens', () => {
    expect(
      combineWindows(
        [
          [1, 0],
          [0, 1],
        ],
        [30, 10],
      ),
    ).toEqual([0.75, 0.25])
  })
})
