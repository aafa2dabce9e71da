// safetensors files: read exactly, written readably, and hostile ones refused before anything is allocated.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MlErrorCode } from '../errors.ts'
import { openWeights } from './open-weights.ts'
import { openSafetensors } from './safetensors-reader.ts'
import { type TensorToWrite, writeSafetensors } from './safetensors-writer.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renown-safetensors-'))
})

afterAll(() => rm(folder, { recursive: true }))

function bytesOf(header: string | object, dataBytes: number, claimed?: bigint): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const prefix = Buffer.alloc(8)
  prefix.writeBigUInt64LE(claimed ?? BigInt(json.length))
  return Buffer.concat([prefix, json, Buffer.alloc(dataBytes)])
}

async function save(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

async function expectRefused(path: string, code: MlErrorCode, message: RegExp): Promise<void> {
  await expect(openSafetensors(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
}

const f32 = (shape: readonly unknown[], start: number, end: number) => ({
  dtype: 'F32',
  shape,
  data_offsets: [start, end],
})

describe('reading', () => {
  test.each(['tiny-bert', 'tiny-roberta'])('%s: tensors by name, format and shape', async (name) => {
    const source = await openWeights(join(fixtures, name))
    expect(source.format).toBe('safetensors')
    const config = JSON.parse(await readFile(join(fixtures, name, 'config.json'), 'utf8'))
    const prefix = config.model_type
    const table = source.list().find((entry) => entry.name === `${prefix}.embeddings.word_embeddings.weight`)
    expect(table).toEqual({ name: table?.name, dtype: 'F32', shape: [config.vocab_size, config.hidden_size] })
    expect((await source.read(`${prefix}.embeddings.word_embeddings.weight`)).length).toBe(config.vocab_size * 32)
    await expect(source.read('nothing')).rejects.toMatchObject({ code: 'WEIGHTS_MISSING' })
    await source.close()
  })

  test('every number format, and the ones that no model needs only when they are asked for', async () => {
    const header = {
      f16: { dtype: 'F16', shape: [2], data_offsets: [0, 4] },
      bf16: { dtype: 'BF16', shape: [2], data_offsets: [4, 8] },
      i64: { dtype: 'I64', shape: [1, 2], data_offsets: [8, 24] },
      f64: { dtype: 'F64', shape: [], data_offsets: [24, 32] },
      bool: { dtype: 'BOOL', shape: [3], data_offsets: [32, 35] },
      f8: { dtype: 'F8_E4M3', shape: [1], data_offsets: [35, 36] },
      none: { dtype: 'F32', shape: [0, 7], data_offsets: [36, 36] },
    }
    const bytes = bytesOf(header, 36)
    const data = bytes.subarray(bytes.length - 36)
    data.set([0x00, 0x3c, 0x00, 0xc0, 0x80, 0x3f, 0x20, 0xc0])
    data.writeBigInt64LE(-3n, 8)
    data.writeBigInt64LE(511n, 16)
    data.writeDoubleLE(0.5, 24)
    data.set([1, 0, 1], 32)
    const source = await openSafetensors(await save('formats', bytes))
    expect([...(await source.read('f16'))]).toEqual([1, -2])
    expect([...(await source.read('bf16'))]).toEqual([1, -2.5])
    expect([...(await source.read('i64'))]).toEqual([-3, 511])
    expect([...(await source.read('f64'))]).toEqual([0.5])
    expect([...(await source.read('bool'))]).toEqual([1, 0, 1])
    expect((await source.read('none')).length).toBe(0)
    await expect(source.read('f8')).rejects.toMatchObject({ code: 'WEIGHTS_UNSUPPORTED' })
    await source.close()
  })
})

describe('hostile headers', () => {
  const cases: readonly [string, Buffer, MlErrorCode, RegExp][] = [
    ['claims 10 GB', bytesOf('{}', 0, 10_000_000_000n), 'WEIGHTS_INVALID', /claims 10000000000 bytes/],
    ['claims 2^63 bytes', bytesOf('{}', 0, 1n << 63n), 'WEIGHTS_INVALID', /claims/],
    ['is cut off', Buffer.from([1, 0, 0]), 'WEIGHTS_INVALID', /at least 8 bytes/],
    ['is not JSON', bytesOf('{"a":', 0), 'WEIGHTS_INVALID', /not valid JSON/],
    ['is a list', bytesOf('[]', 0), 'WEIGHTS_INVALID', /not a JSON object/],
    ['overlapping ranges', bytesOf({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12), 'WEIGHTS_INVALID', /b overlaps/],
    ['the same range twice', bytesOf({ a: f32([2], 0, 8), b: f32([2], 0, 8) }, 8), 'WEIGHTS_INVALID', /overlaps/],
    ['a gap', bytesOf({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12), 'WEIGHTS_INVALID', /gap/],
    ['a range past the end', bytesOf({ a: f32([4], 0, 16) }, 8), 'WEIGHTS_INVALID', /describes 16 bytes/],
    ['bytes that no tensor has', bytesOf({ a: f32([1], 0, 4) }, 8), 'WEIGHTS_INVALID', /the file holds 8/],
    [
      'a repeated name',
      bytesOf(
        '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\\u0061":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}',
        0,
      ),
      'WEIGHTS_INVALID',
      /twice/,
    ],
    ['a size that the shape does not ask for', bytesOf({ a: f32([3], 0, 8) }, 8), 'WEIGHTS_INVALID', /takes 12 bytes/],
    ['a negative size', bytesOf({ a: f32([-1, -2], 0, 8) }, 8), 'WEIGHTS_INVALID', /whole sizes/],
    ['a fractional size', bytesOf({ a: f32([1.5], 0, 6) }, 6), 'WEIGHTS_INVALID', /whole sizes/],
    [
      'sizes whose product overflows',
      bytesOf({ a: f32([2 ** 40, 2 ** 40], 0, 8) }, 8),
      'WEIGHTS_INVALID',
      /larger than any/,
    ],
    ['a shape of strings', bytesOf({ a: f32(['2'], 0, 8) }, 8), 'WEIGHTS_INVALID', /whole sizes/],
    ['too many dimensions', bytesOf({ a: f32(new Array(99).fill(1), 0, 4) }, 4), 'WEIGHTS_INVALID', /16 dimensions/],
    ['a range that ends before it starts', bytesOf({ a: f32([0], 4, 0) }, 4), 'WEIGHTS_INVALID', /data_offsets/],
    [
      'a range of strings',
      bytesOf({ a: { dtype: 'F32', shape: [0], data_offsets: ['0', '0'] } }, 0),
      'WEIGHTS_INVALID',
      /data_offsets/,
    ],
    [
      'an unknown format',
      bytesOf({ a: { dtype: 'F33', shape: [0], data_offsets: [0, 0] } }, 0),
      'WEIGHTS_UNSUPPORTED',
      /F33/,
    ],
    [
      'a format from the prototype',
      bytesOf({ a: { dtype: 'toString', shape: [0], data_offsets: [0, 0] } }, 0),
      'WEIGHTS_UNSUPPORTED',
      /toString/,
    ],
    [
      'sizes that are nested a million deep',
      bytesOf(`{"a":{"dtype":"F32","shape":[${'['.repeat(1e6)}${']'.repeat(1e6)}],"data_offsets":[0,0]}}`, 0),
      'WEIGHTS_INVALID',
      /a list of 1/,
    ],
    [
      'a range that is nested',
      bytesOf(`{"a":{"dtype":"F32","shape":[],"data_offsets":[${'['.repeat(1e5)}${']'.repeat(1e5)}]}}`, 0),
      'WEIGHTS_INVALID',
      /data_offsets/,
    ],
    ['a tensor that is null', bytesOf({ a: null }, 0), 'WEIGHTS_INVALID', /describes a tensor/],
    ['is not UTF-8', Buffer.concat([bytesOf('', 0, 2n), Buffer.from([0xff, 0xfe])]), 'WEIGHTS_INVALID', /UTF-8/],
  ]
  test.each(cases)('%s', async (name, bytes, code, message) => {
    await expectRefused(await save(name.replaceAll(' ', '-'), bytes), code, message)
  })
})

describe('writing', () => {
  const tensors: readonly TensorToWrite[] = [
    { name: 'a', shape: [2, 2], data: Float32Array.of(1, -2.5, 1e-8, 2.7) },
    { name: 'empty', shape: [0], data: new Float32Array() },
    { name: 'later', shape: [], data: async () => Float32Array.of(7) },
  ]

  test('what is written is read again, and the data begin at a multiple of 8', async () => {
    const path = join(folder, 'written.safetensors')
    await writeSafetensors(path, tensors)
    const source = await openSafetensors(path)
    expect(source.metadata).toEqual({ format: 'pt' })
    expect(source.list().map(({ name, shape }) => [name, shape])).toEqual([
      ['a', [2, 2]],
      ['empty', [0]],
      ['later', []],
    ])
    expect(await source.read('a')).toEqual(Float32Array.of(1, -2.5, 1e-8, 2.7))
    expect(await source.read('later')).toEqual(Float32Array.of(7))
    await source.close()
    expect(Number((await readFile(path)).readBigUInt64LE()) % 8).toBe(0)
  })

  test('half precision is rounded', async () => {
    const path = join(folder, 'half.safetensors')
    await writeSafetensors(path, tensors.slice(0, 1), { dtype: 'F16', metadata: {} })
    const source = await openSafetensors(path)
    expect(source.list()[0]?.dtype).toBe('F16')
    expect([...(await source.read('a'))]).toEqual([1, -2.5, 0, 2.69921875])
    await source.close()
  })

  test('an error leaves the old file as it was and no other', async () => {
    const path = join(folder, 'kept.safetensors')
    await writeSafetensors(path, tensors)
    const before = await readFile(path)
    const wrong = { name: 'b', shape: [3], data: Float32Array.of(1) }
    await expect(writeSafetensors(path, [...tensors, wrong])).rejects.toMatchObject({ code: 'WEIGHTS_INVALID' })
    await expect(writeSafetensors(path, [wrong, wrong])).rejects.toMatchObject({ code: 'WEIGHTS_INVALID' })
    expect(await readFile(path)).toEqual(before)
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })
})

describe('sharded', () => {
  const index = (map: unknown): string => JSON.stringify({ metadata: { total_size: 8 }, weight_map: map })

  async function shardedFolder(indexText: string): Promise<string> {
    const path = await mkdtemp(join(folder, 'sharded-'))
    await writeSafetensors(join(path, 'model-1.safetensors'), [{ name: 'a', shape: [1], data: Float32Array.of(1) }])
    await writeSafetensors(join(path, 'model-2.safetensors'), [
      { name: 'b', shape: [1], data: Float32Array.of(2) },
      { name: 'a', shape: [1], data: Float32Array.of(3) },
    ])
    await writeFile(join(path, 'model.safetensors.index.json'), indexText)
    return path
  }

  test('each tensor comes from the file that the index names', async () => {
    const source = await openWeights(await shardedFolder(index({ a: 'model-1.safetensors', b: 'model-2.safetensors' })))
    expect(source.list().map(({ name }) => name)).toEqual(['a', 'b'])
    expect([await source.read('a'), await source.read('b')]).toEqual([Float32Array.of(1), Float32Array.of(2)])
    await expect(source.read('c')).rejects.toMatchObject({ code: 'WEIGHTS_MISSING' })
    await source.close()
  })

  const hostile: readonly [string, string, MlErrorCode][] = [
    ['a file above the folder', index({ a: '../model-1.safetensors' }), 'WEIGHTS_INVALID'],
    ['an absolute path', index({ a: '/etc/passwd' }), 'WEIGHTS_INVALID'],
    ['a path with backslashes', index({ a: '..\\model-1.safetensors' }), 'WEIGHTS_INVALID'],
    ['a dot file', index({ a: '..' }), 'WEIGHTS_INVALID'],
    ['a NUL in the name', index({ a: 'model-1.safetensors\0' }), 'WEIGHTS_INVALID'],
    ['a number as a file', index({ a: 1 }), 'WEIGHTS_INVALID'],
    ['no map', '{}', 'WEIGHTS_INVALID'],
    ['an empty map', index({}), 'WEIGHTS_INVALID'],
    ['no JSON', 'weights', 'WEIGHTS_INVALID'],
    ['a file that is not there', index({ a: 'model-9.safetensors' }), 'WEIGHTS_MISSING'],
    ['a tensor that its file lacks', index({ a: 'model-1.safetensors', c: 'model-1.safetensors' }), 'WEIGHTS_MISSING'],
  ]
  test.each(hostile)('refuses %s', async (_name, text, code) => {
    await expect(openWeights(await shardedFolder(text))).rejects.toMatchObject({ code })
  })
})

test('a folder in the place of a file is refused', async () => {
  await mkdir(join(folder, 'trap', 'model.safetensors'), { recursive: true })
  await expect(openWeights(join(folder, 'trap'))).rejects.toMatchObject({ code: 'WEIGHTS_INVALID' })
})

test('a folder without weights is an error that names what was looked for', async () => {
  await expect(openWeights(join(folder, 'nowhere'))).rejects.toMatchObject({
    code: 'WEIGHTS_MISSING',
    message: expect.stringContaining('pytorch_model.bin'),
  })
})
