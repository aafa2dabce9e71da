// Weights read back from our ONNX files: the same floats, or what the 8-bit ones stand for.
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { classifierParameters, readEncoderConfig } from '../encoders/index.ts'
import { exportOnnx } from '../export/index.ts'
import { openWeights, type WeightSource } from '../weights/index.ts'
import { openOnnxWeights } from './open-onnx-weights.ts'

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renown-onnx-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The checkpoint, and the ONNX file that is made of it. */
async function openBoth(model: string, quantize: boolean): Promise<{ checkpoint: WeightSource; onnx: WeightSource }> {
  const source = fileURLToPath(new URL(`../../fixtures/${model}`, import.meta.url))
  const checkpoint = await openWeights(source)
  const path = join(folder, model, `${quantize}.onnx`)
  await mkdir(join(folder, model), { recursive: true })
  await exportOnnx(checkpoint, await readEncoderConfig(source), path, { quantize })
  return { checkpoint, onnx: await openOnnxWeights(path) }
}

describe.each(['tiny-bert', 'tiny-roberta'])('%s', (model) => {
  const config = readEncoderConfig(fileURLToPath(new URL(`../../fixtures/${model}`, import.meta.url)))

  test('in 32 bits has the same floats in the same shapes', async () => {
    const { checkpoint, onnx } = await openBoth(model, false)
    const shapes = new Map(onnx.list().map(({ name, shape }) => [name, shape]))
    for (const { name, shape } of classifierParameters(await config)) {
      expect(shapes.get(name)).toEqual(shape)
      expect(await onnx.read(name)).toEqual(await checkpoint.read(name))
    }
  })

  test('in 8 bits is off by half a step at most, and floats are what they were', async () => {
    const { checkpoint, onnx } = await openBoth(model, true)
    const shapes = new Map(onnx.list().map(({ name, shape }) => [name, shape]))
    for (const { name, shape, role } of classifierParameters(await config)) {
      expect(shapes.get(name)).toEqual(shape)
      const [exact, found] = [await checkpoint.read(name), await onnx.read(name)]
      const isFloat = role !== 'linear' && role !== 'embedding'
      const width = shape[1] ?? 1
      for (let start = 0; start < exact.length; start += width) {
        const row = exact.subarray(start, start + width)
        const step = row.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127
        const furthest = row.reduce((most, value, at) => Math.max(most, Math.abs(value - (found[start + at] ?? 0))), 0)
        expect(furthest).toBeLessThanOrEqual(isFloat ? 0 : 0.5001 * step)
      }
    }
  })
})

test('a tensor that is not there is an error', async () => {
  const { onnx } = await openBoth('tiny-bert', true)
  await expect(onnx.read('nothing')).rejects.toMatchObject({ code: 'WEIGHTS_MISSING' })
})
