// The manifests of ops/kubernetes: valid by Kubernetes' own schema, of one mind, and confined.
import { expect, test } from 'vitest'
import { filesUnder } from '../support/workspace.ts'
import { createSchemaCheck, readDocuments, readYaml } from './support/yaml-files.ts'

interface Container {
  readonly image: string
  readonly env?: readonly { readonly name: string; readonly value: string }[]
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[]
  readonly securityContext: Readonly<Record<string, unknown>>
  readonly resources: { readonly requests: object; readonly limits: object }
  readonly startupProbe?: Probe
  readonly readinessProbe?: Probe
  readonly livenessProbe?: Probe
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string }
}

interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> }
  readonly spec: Record<string, unknown>
}

interface PodSpec {
  readonly initContainers: readonly Container[]
  readonly containers: readonly Container[]
  readonly terminationGracePeriodSeconds: number
  readonly automountServiceAccountToken: boolean
  readonly securityContext: Readonly<Record<string, unknown>>
}

const files = filesUnder('ops/kubernetes', ['.yaml']).filter((path) => !path.endsWith('kustomization.yaml'))
const manifests = files.flatMap((path) => readDocuments(path)) as Manifest[]
const deployment = manifests.find(({ kind }) => kind === 'Deployment')
const template = deployment?.spec.template as { metadata: { labels: Record<string, string> }; spec: PodSpec }
const [server] = template.spec.containers
const problems = createSchemaCheck('test/ops/fixtures/kubernetes.json')

test.each(files)('%s is valid by the schema of Kubernetes, without unknown fields', (path) => {
  for (const document of readDocuments(path)) expect(problems(document)).toEqual([])
})

test('the check finds what is wrong', () => {
  expect(problems({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec: { prots: [] } })).not.toEqual([])
})

test('kubectl apply -k takes them all, but what belongs to the cluster', () => {
  const { resources } = readYaml<{ resources: string[] }>('ops/kubernetes/kustomization.yaml')
  const expected = files
    .map((path) => path.replace('ops/kubernetes/', ''))
    .filter((name) => name !== 'adapter-rules.yaml')
  expect([...resources].sort()).toEqual(expected.sort())
})

test('whoever selects pods selects these', () => {
  const labels = { 'app.kubernetes.io/name': 'renown' }
  expect(template.metadata.labels).toEqual(labels)
  const selectors = manifests.flatMap(({ kind, spec }) => {
    if (kind === 'Service') return [spec.selector]
    if (kind === 'NetworkPolicy') return [(spec.podSelector as { matchLabels: object }).matchLabels]
    return spec?.selector === undefined ? [] : [(spec.selector as { matchLabels: object }).matchLabels]
  })
  expect(selectors).toHaveLength(4)
  for (const selector of selectors) expect(selector).toEqual(labels)
})

test('every container is confined and bounded', () => {
  const { spec } = template
  expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
  expect(spec.automountServiceAccountToken).toBe(false)
  for (const container of [...spec.initContainers, ...spec.containers]) {
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    expect(Object.keys(container.resources.requests)).toEqual(['cpu', 'memory'])
    expect(container.resources.limits).toHaveProperty('memory')
  }
})

test('readiness asks for the model, liveness never does', () => {
  expect(server?.startupProbe?.httpGet.path).toBe('/health/ready')
  expect(server?.readinessProbe?.httpGet.path).toBe('/health/ready')
  expect(server?.livenessProbe?.httpGet.path).toBe('/health/live')
  expect(server?.ports).toContainEqual({ name: 'http', containerPort: 8000 })
})

test('a pod that stops has the time that the server takes at most', () => {
  const deadline = Number(server?.env?.find(({ name }) => name === 'RENOWN_STOP_DEADLINE')?.value) / 1000
  const preStop = 5
  expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(2 * deadline + preStop)
})

test('the autoscaler follows the wait in the queue, by the name that the adapter serves', () => {
  const scaler = manifests.find(({ kind }) => kind === 'HorizontalPodAutoscaler')
  const [metric] = (scaler?.spec.metrics ?? []) as { pods: { metric: { name: string } } }[]
  const rules = readYaml<{ data: { 'config.yaml': string } }>('ops/kubernetes/adapter-rules.yaml').data['config.yaml']
  expect(rules).toContain(`as: ${metric?.pods.metric.name}`)
  expect(rules).toContain('renown_inference_stage_seconds_bucket')
})
