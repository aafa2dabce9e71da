// Data sets of the Hugging Face Hub as labelled data.
import { CliError } from '../errors.ts'
import type { SourceContext } from './open-sources.ts'

export function readHub(_options: { readonly home: string; readonly signal: AbortSignal }): SourceContext['readHub'] {
  return (place) => Promise.reject(new CliError('INPUT_NOT_FOUND', `--dataset: "${place.name}" is no folder`))
}
