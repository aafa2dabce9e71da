// /api/v1/registry/versions/{version}/reports: papers that came with a version, each in its harmless form.
import { GateReportSchema, REGISTRY_REPORTS, type RegistryReport } from '@renown/contract'
import { Type } from 'typebox'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { needs, problems } from '../http/routes.ts'
import { REPORT_POLICY_HEADER } from '../http/security-headers.ts'
import { parseGateReport } from '../registry/gate-summaries.ts'
import { readKept } from '../registry/read-kept.ts'
import { REGISTRY, REGISTRY_TAGS, VersionParams, type VersionRoute } from './registry.ts'

interface ReportRoute extends VersionRoute {
  Params: { version: string; report: RegistryReport }
}

export function registerRegistryReports(app: App, { models }: Context): void {
  const schema = {
    operationId: 'getReport',
    summary: 'A report that came with a version: of the gate, or of the training',
    tags: REGISTRY_TAGS,
    params: Type.Object({
      ...VersionParams.properties,
      report: Type.Unsafe<RegistryReport>({ type: 'string', enum: [...REGISTRY_REPORTS] }),
    }),
    'x-responses': {
      200: {
        description: 'The report. As HTML it can run and load nothing, whoever wrote it.',
        content: {
          'application/json': { schema: { $ref: `${GateReportSchema.$id}#` } },
          'text/html': { schema: { type: 'string' } },
        },
      },
      ...problems(
        'VALIDATION_FAILED',
        'VERSION_NOT_FOUND',
        'ALIAS_NOT_SET',
        'REPORT_NOT_FOUND',
        'VERSION_PRUNED',
        'REGISTRY_INVALID',
      ),
    },
  }
  const path = `${REGISTRY}/versions/:version/reports/:report`
  app.get<ReportRoute>(path, { schema, config: needs('read') }, async ({ params: { version, report } }, reply) => {
    const content = await readKept(await models.show(version), report)
    const isThere = report === 'gate.json' ? parseGateReport(content) !== null : content !== null
    if (!isThere) throw new ApiError('REPORT_NOT_FOUND')
    if (report === 'gate.json') return await reply.type('application/json; charset=utf-8').send(content)
    reply.header('content-security-policy', REPORT_POLICY_HEADER)
    return await reply.type('text/html; charset=utf-8').send(content)
  })
}
