// Writes pickles byte by byte, so that tests can say what no library would write.

export const NONE: Buffer = Buffer.from('N')
export const TUPLE1: Buffer = Buffer.from([0x85])
export const REDUCE: Buffer = Buffer.from('R')

const MARK = Buffer.from('(')
const TUPLE = Buffer.from('t')

/** A pickle of protocol 2 whose result is what the parts leave on the stack. */
export function program(...parts: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), ...parts, Buffer.from('.')])
}

/** `module name`, as GLOBAL wants it. */
export function global(name: string): Buffer {
  return Buffer.from(`c${name.replace(' ', '\n')}\n`)
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value)
  const head = Buffer.from([0x58, 0, 0, 0, 0])
  head.writeUInt32LE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

export function storage(type: string, key: string, elements: number): Buffer {
  return Buffer.concat([tuple(text('storage'), global(type), text(key), text('cpu'), int(elements)), Buffer.from('Q')])
}

export function tensor(of: Buffer, offset: number, shape: readonly number[], strides: readonly number[]): Buffer {
  const args = tuple(of, int(offset), tuple(...shape.map(int)), tuple(...strides.map(int)), Buffer.from([0x89]), NONE)
  return Buffer.concat([global('torch._utils _rebuild_tensor_v2'), args, REDUCE])
}

export function parameter(of: Buffer): Buffer {
  return Buffer.concat([global('torch._utils _rebuild_parameter'), tuple(of, Buffer.from([0x88]), NONE), REDUCE])
}

export function dictionary(entries: Readonly<Record<string, Buffer>>): Buffer {
  return program(Buffer.from('}'), items(entries))
}

/** What `model.state_dict()` is: an OrderedDict that carries `_metadata`. */
export function orderedDictionary(entries: Readonly<Record<string, Buffer>>): Buffer {
  const metadata = Buffer.concat([Buffer.from('}'), text('_metadata'), Buffer.from('}s')])
  return program(global('collections OrderedDict'), tuple(), REDUCE, items(entries), metadata, Buffer.from('b'))
}

function items(entries: Readonly<Record<string, Buffer>>): Buffer {
  const pairs = Object.entries(entries).flatMap(([name, value]) => [text(name), value])
  return Buffer.concat([MARK, ...pairs, Buffer.from('u')])
}

function tuple(...values: readonly Buffer[]): Buffer {
  return Buffer.concat([MARK, ...values, TUPLE])
}

function int(value: number): Buffer {
  const bytes = Buffer.from([0x4a, 0, 0, 0, 0])
  bytes.writeInt32LE(value, 1)
  return bytes
}
