// Pickled checkpoints: the same tensors as safetensors holds, and nothing in them is ever run.
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MlErrorCode } from '../errors.ts'
import { openWeights } from './open-weights.ts'
import { openPytorch } from './pytorch-reader.ts'
import { openSafetensors } from './safetensors-reader.ts'
import * as pickle from './testing/pickle-builder.ts'
import { buildZip, type ZipFile } from './testing/zip-builder.ts'

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url))
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'renown-pickle-'))
})

afterAll(() => rm(folder, { recursive: true }))

const TWENTY_FOUR = Buffer.from(Float32Array.from({ length: 24 }, (_, index) => index).buffer)

async function saveZip(files: readonly ZipFile[]): Promise<string> {
  return save(buildZip(files))
}

async function save(bytes: Uint8Array): Promise<string> {
  const path = join(await mkdtemp(join(folder, 'case-')), 'pytorch_model.bin')
  await writeFile(path, bytes)
  return path
}

/** A container as torch.save writes it, with one storage of 24 floats. */
async function saveArchive(data: Buffer, more: readonly ZipFile[] = []): Promise<string> {
  return saveZip([
    { name: 'archive/data.pkl', data },
    { name: 'archive/byteorder', data: Buffer.from('little') },
    { name: 'archive/data/0', data: TWENTY_FOUR },
    { name: 'archive/version', data: Buffer.from('3\n') },
    ...more,
  ])
}

async function expectRefused(path: string, code: MlErrorCode, message: RegExp): Promise<void> {
  await expect(openPytorch(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
}

const floats = pickle.storage('torch FloatStorage', '0', 24)

describe('reading', () => {
  test.each(['tiny-bert', 'tiny-roberta'])('%s: the same tensors as its safetensors file', async (name) => {
    const pickled = await mkdtemp(join(folder, 'only-pickled-'))
    await copyFile(join(fixtures, name, 'pytorch_model.bin'), join(pickled, 'pytorch_model.bin'))
    const source = await openWeights(pickled)
    const expected = await openSafetensors(join(fixtures, name, 'model.safetensors'))
    expect(source.format).toBe('pytorch')
    const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1)
    expect([...source.list()].sort(byName)).toEqual([...expected.list()].sort(byName))
    for (const { name: tensor } of expected.list())
      expect(await source.read(tensor)).toEqual(await expected.read(tensor))
    await source.close()
    await expected.close()
  })

  test('views of one storage: an offset, a transposed one, every second element, a parameter, none', async () => {
    const path = await saveArchive(
      pickle.dictionary({
        slice: pickle.tensor(floats, 5, [2, 3], [3, 1]),
        transposed: pickle.tensor(floats, 0, [6, 4], [1, 6]),
        second: pickle.tensor(floats, 1, [12], [2]),
        scalar: pickle.tensor(floats, 23, [], []),
        none: pickle.tensor(floats, 24, [0, 3], [3, 1]),
        parameter: pickle.parameter(pickle.tensor(floats, 0, [2], [1])),
        'not.a.tensor': pickle.NONE,
      }),
    )
    const source = await openPytorch(path)
    expect(source.list().map(({ name }) => name)).not.toContain('not.a.tensor')
    expect([...(await source.read('slice'))]).toEqual([5, 6, 7, 8, 9, 10])
    expect([...(await source.read('transposed'))].slice(0, 6)).toEqual([0, 6, 12, 18, 1, 7])
    expect([...(await source.read('transposed'))].at(-1)).toBe(23)
    expect([...(await source.read('second'))]).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23])
    expect([...(await source.read('scalar'))]).toEqual([23])
    expect((await source.read('none')).length).toBe(0)
    expect([...(await source.read('parameter'))]).toEqual([0, 1])
    await expect(source.read('missing')).rejects.toMatchObject({ code: 'WEIGHTS_MISSING' })
    await source.close()
  })

  test('an ordered dictionary with metadata, and storages of other formats', async () => {
    const path = await saveArchive(
      pickle.orderedDictionary({
        half: pickle.tensor(pickle.storage('torch HalfStorage', '1', 2), 0, [2], [1]),
        brain: pickle.tensor(pickle.storage('torch BFloat16Storage', '1', 2), 0, [2], [1]),
        long: pickle.tensor(pickle.storage('torch LongStorage', '2', 1), 0, [1], [1]),
      }),
      [
        { name: 'archive/data/1', data: Buffer.from([0x00, 0x3c, 0x80, 0x3f]) },
        { name: 'archive/data/2', data: Buffer.from([9, 0, 0, 0, 0, 0, 0, 0]) },
      ],
    )
    const source = await openPytorch(path)
    expect((await source.read('half'))[0]).toBe(1)
    expect((await source.read('brain'))[1]).toBe(1)
    expect([...(await source.read('long'))]).toEqual([9])
    await source.close()
  })

  test('a container with ZIP64 records', async () => {
    const files = [
      { name: 'archive/data.pkl', data: pickle.dictionary({ a: pickle.tensor(floats, 0, [24], [1]) }) },
      { name: 'archive/data/0', data: TWENTY_FOUR },
    ]
    const source = await openPytorch(await save(buildZip(files, { zip64: true })))
    expect((await source.read('a'))[23]).toBe(23)
    await source.close()
  })
})

describe('pickles that are refused', () => {
  const call = (global: string): Buffer =>
    pickle.program(pickle.global(global), pickle.text('touch pwned'), pickle.TUPLE1, pickle.REDUCE)
  const op = (name: string, ...bytes: number[]): [string, Buffer, RegExp] => [
    `the opcode ${name}`,
    pickle.program(Buffer.from(bytes)),
    new RegExp(`opcode ${name} `),
  ]
  const cases: readonly [string, Buffer, RegExp][] = [
    ['os.system', call('os system'), /os\.system/],
    ['posix.system', call('posix system'), /posix\.system/],
    ['builtins.eval', call('builtins eval'), /builtins\.eval/],
    ['builtins.getattr', call('builtins getattr'), /builtins\.getattr/],
    ['a global of torch that is not needed', call('torch.hub load'), /torch\.hub\.load/],
    ['a global from the prototype of objects', call('constructor constructor'), /constructor/],
    ['a storage that is called', call('torch FloatStorage'), /REDUCE of torch.FloatStorage/],
    ['an OrderedDict with arguments', call('collections OrderedDict'), /arguments/],
    op('STACK_GLOBAL', 0x93),
    op('INST', 0x69),
    op('OBJ', 0x6f),
    op('NEWOBJ', 0x81),
    op('NEWOBJ_EX', 0x92),
    op('EXT1', 0x82, 1),
    op('DUP', 0x32),
    op('PERSID', 0x50),
    op('FRAME', 0x95),
    op('0xff', 0xff),
    ['another protocol', Buffer.from([0x80, 4, 0x2e]), /protocol 2, got 4/],
    ['one that is cut off', pickle.dictionary({}).subarray(0, 3), /middle of an opcode/],
    ['one that takes from an empty stack', Buffer.from([0x80, 2, 0x52, 0x2e]), /stack/],
    ['one that reaches below a group', pickle.program(pickle.NONE, Buffer.from([0x28, 0x85])), /stack/],
    ['one that closes no group', Buffer.from([0x80, 2, 0x74, 0x2e]), /did not open/],
    ['one that recalls what it never kept', Buffer.from([0x80, 2, 0x68, 7, 0x2e]), /remembered/],
    ['a text of 4 GB', Buffer.from([0x80, 2, 0x58, 0xff, 0xff, 0xff, 0xff, 0x2e]), /middle/],
    ['BUILD of what is no dictionary', pickle.program(pickle.NONE, pickle.NONE, Buffer.from([0x62])), /BUILD/],
    ['a persistent id of text', pickle.program(pickle.text('x'), Buffer.from([0x51])), /tuple/],
    [
      'a storage of no known kind',
      pickle.program(pickle.storage('torch.storage UntypedStorage', '0', 24)),
      /UntypedStorage/,
    ],
    ['a negative offset', pickle.dictionary({ a: pickle.tensor(floats, -1, [1], [1]) }), /offset/],
    ['strides of another length', pickle.dictionary({ a: pickle.tensor(floats, 0, [1], [1, 1]) }), /strides/],
  ]
  test.each(cases)('%s', async (_name, data, message) => {
    await expectRefused(await saveArchive(data), 'PICKLE_REFUSED', message)
  })

  test('the old format, which is no zip', async () => {
    const magic = Buffer.from([
      0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
    ])
    await expectRefused(await save(magic), 'PICKLE_REFUSED', /old torch format/)
  })
})

describe('tensors that do not fit', () => {
  const sized = (shape: number[], strides: number[], offset = 0): Buffer =>
    pickle.dictionary({ a: pickle.tensor(floats, offset, shape, strides) })
  const cases: readonly [string, Buffer, RegExp][] = [
    ['one that is larger than its storage', sized([5, 5], [5, 1]), /a: \[5, 5\]/],
    ['an offset past the end', sized([2], [1], 23), /a: \[2\]/],
    ['one element repeated a million times', sized([1_000_000], [0]), /1000000/],
    ['a stride past the end', sized([2], [24]), /a: \[2\]/],
    [
      'a storage that is not there',
      pickle.dictionary({ a: pickle.tensor(pickle.storage('torch FloatStorage', '9', 24), 0, [1], [1]) }),
      /data\/9/,
    ],
    [
      'a storage of another size',
      pickle.dictionary({ a: pickle.tensor(pickle.storage('torch FloatStorage', '0', 25), 0, [1], [1]) }),
      /25 F32/,
    ],
    [
      'a storage outside of the container',
      pickle.dictionary({ a: pickle.tensor(pickle.storage('torch FloatStorage', '../0', 24), 0, [1], [1]) }),
      /not in the container/,
    ],
    ['a pickle of something else', pickle.program(pickle.NONE), /dictionary/],
  ]
  test.each(cases)('%s', async (_name, data, message) => {
    await expectRefused(await saveArchive(data), 'WEIGHTS_INVALID', message)
  })

  test('big-endian numbers', async () => {
    const files = [
      { name: 'archive/data.pkl', data: pickle.dictionary({}) },
      { name: 'archive/byteorder', data: Buffer.from('big') },
    ]
    await expectRefused(await saveZip(files), 'WEIGHTS_UNSUPPORTED', /little-endian/)
  })
})

describe('containers that are refused', () => {
  const data = pickle.dictionary({})
  const one: readonly ZipFile[] = [{ name: 'archive/data.pkl', data }]

  test.each<[string, () => Uint8Array, MlErrorCode]>([
    ['an empty file', () => new Uint8Array(), 'WEIGHTS_INVALID'],
    ['a text file', () => Buffer.from('version https://git-lfs.github.com/spec/v1'), 'WEIGHTS_INVALID'],
    ['a zip that is cut off', () => buildZip(one).subarray(0, 60), 'WEIGHTS_INVALID'],
    ['a zip without a pickle', () => buildZip([{ name: 'archive/version', data }]), 'WEIGHTS_INVALID'],
    ['a zip with two pickles', () => buildZip([...one, { name: 'other/data.pkl', data }]), 'WEIGHTS_INVALID'],
    ['a compressed entry', () => buildZip(one, { method: 8 }), 'WEIGHTS_UNSUPPORTED'],
    ['an encrypted entry', () => buildZip(one, { flags: 1 }), 'WEIGHTS_UNSUPPORTED'],
    ['an entry twice', () => buildZip([...one, ...one]), 'WEIGHTS_INVALID'],
    [
      'an entry that claims 4 GB',
      () => buildZip([{ name: 'archive/data.pkl', data, claimed: 0xfffffff0 }]),
      'WEIGHTS_INVALID',
    ],
    [
      'an entry that reaches into the directory',
      () => buildZip([{ name: 'archive/data.pkl', data, claimed: data.length + 9 }]),
      'WEIGHTS_INVALID',
    ],
    ['a directory of more entries than it has', () => buildZip(one, { entries: 2 }), 'WEIGHTS_INVALID'],
    ['a directory past the end', () => buildZip(one, { directoryStart: 1 << 30 }), 'WEIGHTS_INVALID'],
    [
      'a ZIP64 directory past the end',
      () => buildZip(one, { zip64: true, directoryStart: 2 ** 50 }),
      'WEIGHTS_INVALID',
    ],
  ])('%s', async (_name, bytes, code) => {
    await expect(openPytorch(await save(bytes()))).rejects.toMatchObject({ code })
  })
})
