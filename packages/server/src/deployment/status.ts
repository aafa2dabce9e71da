// What a deployment can be asked and told: what serves, what was refused and why, what runs in shadow.

export interface ServedVersion {
  /** As the model is named: v12, default, hf:owner/name@commit. */
  readonly reference: string
  readonly name: string
  readonly version: string
  readonly hash: string
  /** When it began to serve here, ISO 8601. */
  readonly since: string
}

export interface LoadingVersion {
  readonly reference: string
  readonly step: 'fetch' | 'load' | 'check'
  readonly since: string
}

/** Could not be loaded, failed its check, or was rolled back. */
export interface RefusedVersion {
  readonly reference: string
  readonly hash: string
  readonly at: string
  readonly code: string
  readonly reason: string
}

export interface Disagreement {
  readonly at: string
  readonly served: string
  readonly challenger: string
  readonly servedScore: number
  readonly challengerScore: number
}

export interface ChallengerStatus {
  readonly version: ServedVersion
  readonly share: number
  readonly compared: number
  readonly agreed: number
  /** [served label][challenger's label] → texts. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** The newest first, without texts. */
  readonly disagreements: readonly Disagreement[]
}

export interface DeploymentStatus {
  /** What the server follows: an alias, hf:owner/name[@branch]; null where the model is fixed. */
  readonly following: string | null
  readonly serving: ServedVersion
  /** Loaded and warm, for an instant rollback. */
  readonly previous: ServedVersion | null
  /** Being fetched, loaded or checked now. */
  readonly loading: LoadingVersion | null
  /** What the server stays off until it is told, newest first. */
  readonly refused: readonly RefusedVersion[]
  /** The last look at what is followed. */
  readonly checked: { readonly at: string; readonly error: string | null } | null
  readonly challenger: ChallengerStatus | null
}

export interface Deployment {
  status(): DeploymentStatus
  /** Looks at what is followed now. */
  check(): Promise<DeploymentStatus>
  /** Back to the previous version; stays off the current one until `allow`. Throws ROLLBACK_REFUSED. */
  rollback(reason: string): Promise<DeploymentStatus>
  /** Lets a refused version be tried again. */
  allow(reference: string): Promise<DeploymentStatus>
}
