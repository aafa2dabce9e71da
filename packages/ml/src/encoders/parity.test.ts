// Logits of whole encoders against PyTorch's, from both weight formats and through both layouts.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exportOnnx } from '../export/index.ts'
import { createScorer, dotProductsSaturate } from '../serving/index.ts'
import { openPytorch, openSafetensors, type WeightSource } from '../weights/index.ts'
import { readEncoderConfig } from './index.ts'

interface Golden {
  readonly input_ids: readonly (readonly number[])[]
  readonly attention_mask: readonly (readonly number[])[]
  readonly logits: readonly (readonly number[])[]
}

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url))
const FORMATS: Readonly<Record<string, (path: string) => Promise<WeightSource>>> = {
  'model.safetensors': openSafetensors,
  'pytorch_model.bin': openPytorch,
}

async function readGolden(model: string): Promise<Golden> {
  return JSON.parse(await readFile(join(FIXTURES, model, 'golden.json'), 'utf8')) as Golden
}

/** The ids of each text without its padding. */
function sequencesOf(golden: Golden): Int32Array[] {
  return golden.input_ids.map((ids, row) =>
    Int32Array.from(ids.filter((_, place) => golden.attention_mask[row]![place])),
  )
}

function largestDifference(actual: readonly ArrayLike<number>[], expected: readonly (readonly number[])[]): number {
  return Math.max(
    ...expected.flatMap((row, index) => row.map((value, label) => Math.abs(value - actual[index]![label]!))),
  )
}

function int64(rows: readonly (readonly number[])[]): Tensor {
  return new Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]!.length])
}

describe.each(['tiny-bert', 'tiny-roberta'])('%s', (model) => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'renown-parity-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it.each(Object.keys(FORMATS))('as exported from %s gives the logits of PyTorch on padded rows', async (format) => {
    const golden = await readGolden(model)
    const config = await readEncoderConfig(join(FIXTURES, model))
    const source = await FORMATS[format]!(join(FIXTURES, model, format))
    const path = join(folder, `${format}.onnx`)
    await exportOnnx(source, config, path, { quantize: false })
    await source.close()
    const session = await InferenceSession.create(path)
    const isBert = model === 'tiny-bert'
    const types = golden.input_ids.map((row) => row.map(() => 0))
    const { logits } = await session.run({
      input_ids: int64(golden.input_ids),
      attention_mask: int64(golden.attention_mask),
      ...(isBert ? { token_type_ids: int64(types) } : {}),
    })
    const rows = golden.logits.map((_, row) => (logits!.data as Float32Array).subarray(row * 3, row * 3 + 3))
    expect(largestDifference(rows, golden.logits)).toBeLessThan(1e-5)
    await session.release()
  })

  it('gives the logits of PyTorch with several texts a row', async () => {
    const golden = await readGolden(model)
    const scorer = await createScorer(join(FIXTURES, model), { threads: 1 })
    expect(scorer).toMatchObject({ packed: true, encoding: 'float32', labels: ['negative', 'neutral', 'positive'] })
    const sequences = sequencesOf(golden)
    expect(largestDifference(await scorer.score(sequences), golden.logits)).toBeLessThan(1e-5)
    for (const [index, sequence] of sequences.entries()) {
      expect(largestDifference(await scorer.score([sequence]), [golden.logits[index]!])).toBeLessThan(1e-5)
    }
    await scorer.release()
  })

  it('gives nearly the same logits from 8-bit weights, of either sign where the probe says that both are exact', async () => {
    const golden = await readGolden(model)
    const sequences = sequencesOf(golden)
    const probed = (await dotProductsSaturate()) ? ('uint8' as const) : ('int8' as const)
    const [unsigned, chosen] = await Promise.all(
      (['uint8', probed] as const).map(async (encoding) => {
        const scorer = await createScorer(join(FIXTURES, model), { threads: 1, encoding })
        const logits = await scorer.score(sequences)
        await scorer.release()
        return logits
      }),
    )
    const spread = Math.max(...golden.logits.flat().map(Math.abs))
    expect(largestDifference(unsigned!, golden.logits)).toBeLessThan(0.05 * spread)
    expect(
      largestDifference(
        chosen!,
        unsigned!.map((row) => [...row]),
      ),
    ).toBeLessThan(1e-5)
  })
})
