// The addresses of the API, each built in one place.
import type { PostOrder, Sentiment } from './types.ts'

export const PATHS = {
  predict: '/predict',
  model: '/api/v1/model',
  registry: '/api/v1/registry',
  addVersion: '/api/v1/registry/versions',
  verifyRegistry: '/api/v1/registry/verify',
  deployment: '/api/v1/deployment',
  checkDeployment: '/api/v1/deployment/check',
  rollBackDeployment: '/api/v1/deployment/rollback',
  allowVersion: '/api/v1/deployment/allow',
  drift: '/api/v1/drift',
  textsToLabel: '/api/v1/drift/texts',
  labels: '/api/v1/drift/labels',
  session: '/api/v1/session',
  scorings: '/api/v1/scorings',
  upload: '/api/v1/scorings?start=manual',
  live: '/health/live',
} as const

export type TableFormat = 'csv' | 'jsonl'

export interface PostFilter {
  readonly label: Sentiment | null
  readonly from: string | null
  readonly to: string | null
}

export function scoringPath(id: string): string {
  return `${PATHS.scorings}/${encodeURIComponent(id)}`
}

export function startPath(id: string): string {
  return `${scoringPath(id)}/start`
}

export function cancelPath(id: string): string {
  return `${scoringPath(id)}/cancel`
}

export function eventsPath(id: string): string {
  return `${scoringPath(id)}/events`
}

export function resultsPath(id: string, format: TableFormat): string {
  return `${scoringPath(id)}/results?format=${format}`
}

export function rejectsPath(id: string, format: TableFormat): string {
  return `${scoringPath(id)}/rejects?format=${format}`
}

export function postsPath(id: string, filter: PostFilter, order: PostOrder, cursor: string | null): string {
  const query = new URLSearchParams({ order, limit: '20' })
  if (filter.label !== null) query.set('label', filter.label)
  if (filter.from !== null) query.set('from', filter.from)
  if (filter.to !== null) query.set('to', filter.to)
  if (cursor !== null) query.set('cursor', cursor)
  return `${scoringPath(id)}/posts?${query}`
}

export function versionPath(version: string): string {
  return `${PATHS.registry}/versions/${encodeURIComponent(version)}`
}

export function reportPath(version: string, report: string): string {
  return `${versionPath(version)}/reports/${encodeURIComponent(report)}`
}

export function comparisonPath(one: string, other: string): string {
  return `${PATHS.registry}/comparison?${new URLSearchParams({ one, other })}`
}

export type AliasAction = 'history' | 'promote' | 'rollback'

export function aliasPath(alias: string, action: AliasAction): string {
  return `${PATHS.registry}/aliases/${encodeURIComponent(alias)}/${action}`
}
