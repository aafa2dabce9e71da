// A model that serves until the server stops.
import { ServerError } from '../errors.ts'
import type { EngineModel } from '../ports.ts'
import type { Deployment, DeploymentStatus } from './status.ts'

export function createFixedDeployment(reference: string, model: EngineModel): Deployment {
  const { name, version, hash, loadedAt } = model
  const status: DeploymentStatus = {
    following: null,
    serving: { reference, name, version, hash, since: loadedAt.toISOString() },
    previous: null,
    loading: null,
    refused: [],
    checked: null,
    challenger: null,
  }
  return {
    status: () => status,
    check: async () => status,
    async rollback() {
      throw new ServerError('ROLLBACK_REFUSED', `nothing served before ${reference}: expected a model to go back to`)
    },
    async allow(reference) {
      throw new ServerError('VERSION_NOT_REFUSED', `"${reference}" is not refused: expected one of none`)
    },
  }
}
