// The policy of a gate, from the file that was named.
import { readFile } from 'node:fs/promises'
import { GATE_POLICY, type GatePolicy, readGatePolicy } from '@renown/models'
import { CliError } from '../errors.ts'

/** The default policy without a path; `where` names what gave it. Throws INPUT_NOT_FOUND, GATE_POLICY_INVALID. */
export async function readPolicy(path: string | undefined, where: string): Promise<GatePolicy> {
  if (path === undefined) return GATE_POLICY
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new CliError('INPUT_NOT_FOUND', `${where}: "${path}" can't be read: ${cause.message}`, { cause })
  })
  return readGatePolicy(text, path)
}
