// What the tables of training arguments say of each option.

export type ArgumentType = 'integer' | 'number' | 'boolean' | 'choice' | 'text' | 'resume' | 'class weights'

/** Weights of the classes in the loss: one for each label in order, or by name; 'balanced': n / (labels · count). */
export type ClassWeights = 'balanced' | readonly number[] | Readonly<Record<string, number>>

export interface ArgumentEntry {
  readonly type: ArgumentType
  /** Null: may be null, and is unless given. */
  readonly default: number | string | boolean | null
  readonly choices?: readonly string[]
  /** Least and greatest value allowed; `below` itself is too large. */
  readonly minimum?: number
  readonly maximum?: number
  readonly below?: number
  /** Other names that are understood. */
  readonly aliases?: readonly string[]
  /** True where the name is ours and not that of transformers' TrainingArguments. */
  readonly own?: true
  readonly help: string
}

type BaseValue<E extends ArgumentEntry> = E['type'] extends 'integer' | 'number'
  ? number
  : E['type'] extends 'boolean'
    ? boolean
    : E['type'] extends 'resume'
      ? string | true
      : E['type'] extends 'class weights'
        ? ClassWeights
        : E['choices'] extends readonly string[]
          ? E['choices'][number]
          : string

/** The type of an entry's values. */
export type ArgumentValue<E extends ArgumentEntry> = E['default'] extends null ? BaseValue<E> | null : BaseValue<E>
