// Names of columns made usable: trimmed, never empty, never twice, never a trap.

/** `__proto__` as a key would change an object's prototype where a row is copied, so the column gets another name. */
const PROTOTYPE_KEY = '__proto__'
const PROTOTYPE_NAME = '_proto_'

/** Empty names become `column_3`, a second `text` becomes `text_2`. */
export function cleanColumnNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name, index) => {
    const trimmed = name.trim() || `column_${index + 1}`
    const wanted = trimmed === PROTOTYPE_KEY ? PROTOTYPE_NAME : trimmed
    let unique = wanted
    for (let copy = 2; taken.has(unique); copy++) unique = `${wanted}_${copy}`
    taken.add(unique)
    return unique
  })
}

/** The same object unless it has the key as its own (JSON can); then a copy with the key renamed. */
export function withoutPrototypeKey(values: Record<string, unknown>): Record<string, unknown> {
  if (!Object.hasOwn(values, PROTOTYPE_KEY)) return values
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key === PROTOTYPE_KEY ? PROTOTYPE_NAME : key, value]),
  )
}
