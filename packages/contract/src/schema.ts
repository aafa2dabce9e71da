// How a schema gets a name in the OpenAPI document, and how another schema refers to it.
import { type Static, type TSchema, type TUnsafe, Type } from 'typebox'

/** A named schema: the static type is T, `$id` is its component name in OpenAPI. */
export type Component<T> = TUnsafe<T> & { readonly $id: string }

type Matches<S extends TSchema, T> = [Static<S>] extends [T] ? ([T] extends [Static<S>] ? S : never) : never

/** Names `schema`; compiles only where the schema and the interface T describe the same values. */
export function component<T>(): <S extends TSchema>(name: string, schema: S & Matches<S, T>) => Component<T> {
  return (name, schema) => Type.Unsafe<T>({ ...schema, $id: name }) as Component<T>
}

/** A reference to a named schema (`#/components/schemas/NAME` in OpenAPI). */
export function reference<T>(target: Component<T>): TUnsafe<T> {
  return Type.Unsafe<T>({ $ref: `${target.$id}#` })
}

/** One of a closed list of words. */
export function words<const W extends readonly string[]>(values: W, options: object = {}): TUnsafe<W[number]> {
  return Type.Unsafe<W[number]>({ type: 'string', enum: [...values], ...options })
}

/** A string that may be null. */
export function nullableString(options: object = {}): TUnsafe<string | null> {
  return Type.Unsafe<string | null>({ type: ['string', 'null'], ...options })
}

/** A number that may be null. */
export function nullableNumber(options: object = {}): TUnsafe<number | null> {
  return Type.Unsafe<number | null>({ type: ['number', 'null'], ...options })
}

/** A named schema or null. */
export function nullable<T>(target: Component<T>): TUnsafe<T | null> {
  return Type.Unsafe<T | null>({ anyOf: [{ $ref: `${target.$id}#` }, { type: 'null' }] })
}
