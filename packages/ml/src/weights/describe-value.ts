// Untrusted values in messages: short, whatever they are.

/** A number or a short text as it is, otherwise the kind of the value: deep or long ones are never written out. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80))
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (value === null) return 'null'
  return Array.isArray(value) ? `a list of ${value.length}` : typeof value
}
