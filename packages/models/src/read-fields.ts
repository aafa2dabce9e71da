// Small validators for untrusted JSON: each says which field, what was expected and what came.
import { ModelsError } from './errors.ts'

type Reader<T> = (value: unknown, path: string) => T

const SHOWN_CHARS = 60

/** Refuses a field: `renown.json: files["a"].sha256: expected 64 hex digits, got "x"`. */
export function refuseField(path: string, expected: string, value: unknown): never {
  throw new ModelsError('MANIFEST_INVALID', `renown.json: ${path}: expected ${expected}, got ${showValue(value)}`)
}

export function showValue(value: unknown): string {
  if (value === undefined) return 'nothing'
  const shown = JSON.stringify(value) ?? String(value)
  return shown.length > SHOWN_CHARS ? `${shown.slice(0, SHOWN_CHARS)}…` : shown
}

export function readObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuseField(path, 'an object', value)
  return value as Readonly<Record<string, unknown>>
}

export function readText(value: unknown, path: string): string {
  if (typeof value !== 'string' || value.trim() === '') refuseField(path, 'a text that is not empty', value)
  return value
}

export function readHash(value: unknown, path: string): string {
  if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) refuseField(path, '64 lower-case hex digits', value)
  return value
}

export function readTime(value: unknown, path: string): string {
  const isTime = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value))
  if (!isTime) refuseField(path, 'a time such as "2026-01-31T12:00:00Z"', value)
  return value
}

export function readFinite(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) refuseField(path, 'a finite number', value)
  return value
}

export function readCount(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    refuseField(path, 'a whole number from 0', value)
  }
  return value
}

export function readOneOf<const T extends string>(values: readonly T[]): Reader<T> {
  return (value, path) => {
    const found = values.find((known) => known === value)
    if (found === undefined) refuseField(path, values.map((known) => `"${known}"`).join(' or '), value)
    return found
  }
}

export function readList<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) refuseField(path, 'a list', value)
    return value.map((entry, index) => item(entry, `${path}[${index}]`))
  }
}

export function readRecord<T>(item: Reader<T>): Reader<Readonly<Record<string, T>>> {
  return (value, path) =>
    Object.fromEntries(
      Object.entries(readObject(value, path)).map(([key, entry]) => [
        key,
        item(entry, `${path}[${JSON.stringify(key)}]`),
      ]),
    )
}

/** `null` and a missing field both mean: not known. */
export function readOrNull<T>(item: Reader<T>): Reader<T | null> {
  return (value, path) => (value === null || value === undefined ? null : item(value, path))
}
