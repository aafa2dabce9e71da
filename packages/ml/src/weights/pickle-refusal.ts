// How a pickle is refused.
import { MlError } from '../errors.ts'

export function refused(reason: string): MlError {
  return new MlError('PICKLE_REFUSED', `Pickle refused: ${reason}`)
}
