// A pickle reader that knows tensors and containers, and nothing that could run code.
import { type ByteCursor, createCursor } from './byte-cursor.ts'
import { OPCODE_NAMES } from './pickle-opcodes.ts'
import { refused } from './pickle-refusal.ts'
import { buildReduced, buildStorage } from './pickle-tensors.ts'
import { isGlobalName, kindOf, type PickleValue } from './pickle-values.ts'

/**
 * Reads a pickle of protocol 2 as torch.save writes it. Every opcode that isn't in the table below and every global but
 * the few of `pickle-values.ts` is refused with PICKLE_REFUSED by its name. No Python object is ever built: globals are
 * names, and REDUCE builds plain records of ours.
 */
export function readPickle(bytes: Uint8Array): PickleValue {
  const machine = createMachine(bytes)
  for (;;) {
    const opcode = machine.bytes.uint8()
    if (opcode === STOP) return machine.pop()
    const step = STEPS[opcode]
    if (!step)
      throw refused(`the opcode ${OPCODE_NAMES[opcode] ?? `0x${opcode.toString(16)}`} is not needed for tensors`)
    step(machine)
  }
}

interface Machine {
  readonly bytes: ByteCursor
  readonly memo: Map<number, PickleValue>
  push(value: PickleValue): void
  pop(): PickleValue
  top(): PickleValue
  mark(): void
  popToMark(): PickleValue[]
}

function createMachine(bytes: Uint8Array): Machine {
  const stack: PickleValue[] = []
  const marks: number[] = []
  const lowest = (): number => marks.at(-1) ?? 0
  const top = (): PickleValue => {
    const value = stack.length > lowest() ? stack.at(-1) : undefined
    if (value === undefined) throw refused('it takes more from its stack than it put there')
    return value
  }
  return {
    bytes: createCursor(bytes),
    memo: new Map(),
    push: (value) => stack.push(value),
    pop() {
      const value = top()
      stack.length--
      return value
    },
    top,
    mark: () => marks.push(stack.length),
    popToMark() {
      const start = marks.pop()
      if (start === undefined) throw refused('it closes a group that it did not open')
      return stack.splice(start)
    },
  }
}

const STOP = 0x2e

type Step = (machine: Machine) => void

/** What each opcode does; those that are missing are refused. */
const STEPS: Readonly<Record<number, Step>> = {
  // PROTO
  128: ({ bytes }) => {
    const protocol = bytes.uint8()
    if (protocol !== 2) throw refused(`expected protocol 2, got ${protocol}`)
  },
  // NONE, NEWTRUE, NEWFALSE
  78: ({ push }) => push(null),
  136: ({ push }) => push(true),
  137: ({ push }) => push(false),
  // BININT, BININT1, BININT2, LONG1, BINFLOAT
  74: ({ push, bytes }) => push(bytes.int32()),
  75: ({ push, bytes }) => push(bytes.uint8()),
  77: ({ push, bytes }) => push(bytes.uint16()),
  138: ({ push, bytes }) => push(bytes.long(bytes.uint8())),
  71: ({ push, bytes }) => push(bytes.float64()),
  // BINUNICODE
  88: ({ push, bytes }) => push(bytes.text(bytes.uint32())),
  // MARK, EMPTY_TUPLE, TUPLE1, TUPLE2, TUPLE3, TUPLE
  40: ({ mark }) => mark(),
  41: ({ push }) => push({ kind: 'tuple', items: [] }),
  133: (machine) => pushTuple(machine, 1),
  134: (machine) => pushTuple(machine, 2),
  135: (machine) => pushTuple(machine, 3),
  116: ({ push, popToMark }) => push({ kind: 'tuple', items: popToMark() }),
  // EMPTY_LIST, APPEND, APPENDS
  93: ({ push }) => push({ kind: 'list', items: [] }),
  97: (machine) => append(machine, [machine.pop()]),
  101: (machine) => append(machine, machine.popToMark()),
  // EMPTY_DICT, SETITEM, SETITEMS
  125: ({ push }) => push({ kind: 'dict', entries: new Map() }),
  115: (machine) => {
    const value = machine.pop()
    setItems(machine, [machine.pop(), value])
  },
  117: (machine) => setItems(machine, machine.popToMark()),
  // BINPUT, LONG_BINPUT, BINGET, LONG_BINGET
  113: ({ memo, bytes, top }) => memo.set(bytes.uint8(), top()),
  114: ({ memo, bytes, top }) => memo.set(bytes.uint32(), top()),
  104: (machine) => pushRemembered(machine, machine.bytes.uint8()),
  106: (machine) => pushRemembered(machine, machine.bytes.uint32()),
  // GLOBAL
  99: ({ push, bytes }) => {
    const name = `${bytes.line()}.${bytes.line()}`
    if (!isGlobalName(name)) throw refused(`the global ${name.slice(0, 200)} is not needed for tensors`)
    push({ kind: 'global', name })
  },
  // BINPERSID, REDUCE, BUILD
  81: ({ push, pop }) => push(buildStorage(pop())),
  82: ({ push, pop }) => {
    const args = pop()
    push(buildReduced(pop(), args))
  },
  98: ({ pop, top }) => {
    pop()
    const target = top()
    if (kindOf(target) !== 'dict') throw refused(`BUILD on a ${kindOf(target)}; expected the _metadata of a dict`)
  },
}

function pushTuple({ pop, push }: Machine, length: number): void {
  const items: PickleValue[] = []
  for (let i = 0; i < length; i++) items.unshift(pop())
  push({ kind: 'tuple', items })
}

function append({ top }: Machine, items: readonly PickleValue[]): void {
  const list = top()
  if (typeof list !== 'object' || list?.kind !== 'list') throw refused(`APPEND to a ${kindOf(list)}`)
  for (const item of items) list.items.push(item)
}

function setItems({ top }: Machine, items: readonly PickleValue[]): void {
  const dict = top()
  if (typeof dict !== 'object' || dict?.kind !== 'dict') throw refused(`SETITEM on a ${kindOf(dict)}`)
  if (items.length % 2 !== 0) throw refused('a key without a value')
  for (let i = 0; i < items.length; i += 2) dict.entries.set(items[i] ?? null, items[i + 1] ?? null)
}

function pushRemembered({ memo, push }: Machine, index: number): void {
  const value = memo.get(index)
  if (value === undefined) throw refused(`nothing was remembered as ${index}`)
  push(value)
}
