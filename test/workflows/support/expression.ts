// The expressions of GitHub Actions, as far as the workflows use them: whatever else is written is an error.

export type Value = string | number | boolean | null

/** What a name such as `github.ref` stands for. Throws where it isn't emulated. */
export interface Scope {
  readonly lookUp: (path: readonly string[]) => Value
  readonly call: (name: string, args: readonly Value[]) => Value
}

const TOKEN =
  /\s*(?:(&&|\|\||==|!=|!|\(|\)|,)|'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*))/y

interface Token {
  readonly kind: 'sign' | 'text' | 'number' | 'name'
  readonly value: string
}

/** Of the part between `${{` and `}}`. */
export function evaluate(expression: string, scope: Scope): Value {
  const tokens = tokenize(expression)
  let next = 0
  const isSign = (sign: string): boolean => tokens[next]?.kind === 'sign' && tokens[next]?.value === sign
  const take = (sign: string): boolean => {
    if (!isSign(sign)) return false
    next++
    return true
  }
  const expect = (sign: string): void => {
    if (!take(sign)) throw new Error(`expression "${expression}": expected "${sign}"`)
  }
  // Both sides are always evaluated: a mistake on the side that doesn't count is a mistake too.
  function or(): Value {
    let value = and()
    while (take('||')) {
      const other = and()
      value = isTrue(value) ? value : other
    }
    return value
  }
  function and(): Value {
    let value = equality()
    while (take('&&')) {
      const other = equality()
      value = isTrue(value) ? other : value
    }
    return value
  }
  function equality(): Value {
    const value = unary()
    if (take('==')) return isEqual(value, unary())
    return take('!=') ? !isEqual(value, unary()) : value
  }
  function unary(): Value {
    return take('!') ? !isTrue(unary()) : primary()
  }
  function primary(): Value {
    if (take('(')) {
      const value = or()
      expect(')')
      return value
    }
    const token = tokens[next++]
    if (token === undefined || token.kind === 'sign') throw new Error(`expression "${expression}" can't be read`)
    if (token.kind === 'text') return token.value
    if (token.kind === 'number') return Number(token.value)
    return take('(') ? scope.call(token.value, list()) : readName(token.value, scope)
  }
  function list(): Value[] {
    const values: Value[] = []
    while (!isSign(')')) {
      if (values.length > 0) expect(',')
      values.push(or())
    }
    expect(')')
    return values
  }
  const value = or()
  if (next < tokens.length) throw new Error(`expression "${expression}" goes on where it should end`)
  return value
}

function tokenize(expression: string): Token[] {
  const tokens: Token[] = []
  const source = expression.trimEnd()
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < source.length; ) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(source)
    if (match === null) throw new Error(`expression "${expression}": "${source.slice(at)}" is not emulated`)
    const [, sign, text, number, name] = match
    if (sign !== undefined) tokens.push({ kind: 'sign', value: sign })
    else if (text !== undefined) tokens.push({ kind: 'text', value: text.replaceAll("''", "'") })
    else if (number !== undefined) tokens.push({ kind: 'number', value: number })
    else tokens.push({ kind: 'name', value: name ?? '' })
  }
  return tokens
}

const WORDS: Readonly<Record<string, Value>> = { true: true, false: false, null: null }

function readName(name: string, scope: Scope): Value {
  return Object.hasOwn(WORDS, name) ? (WORDS[name] ?? null) : scope.lookUp(name.split('.'))
}

export function isTrue(value: Value): boolean {
  return value !== null && value !== false && value !== '' && value !== 0 && !Number.isNaN(value)
}

/** Texts without regard to case; different types as numbers. */
function isEqual(one: Value, other: Value): boolean {
  if (typeof one === 'string' && typeof other === 'string') return one.toLowerCase() === other.toLowerCase()
  return typeof one === typeof other && one !== null ? one === other : toNumber(one) === toNumber(other)
}

function toNumber(value: Value): number {
  return value === null ? 0 : Number(value)
}

const PART = /\$\{\{(.*?)\}\}/gs

/** A text with its `${{ }}` put in. */
export function interpolate(text: string, scope: Scope): string {
  const result = text.replace(PART, (_, expression: string) => String(evaluate(expression, scope) ?? ''))
  if (result.includes('${{')) throw new Error(`"${text}": "\${{" without its end`)
  return result
}

/** The expression of an `if`, which may stand without `${{ }}`. */
export function conditionOf(text: string): string {
  const inner = /^\s*\$\{\{([^{}]*)\}\}\s*$/.exec(text)?.[1]
  if (inner === undefined && text.includes('${{')) throw new Error(`if "${text}": expected one expression`)
  return inner ?? text
}
