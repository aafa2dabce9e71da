// Dashboard Service: how much is asked, what fails, how long it takes, how full it is.
import { type DashboardOptions, INSTANCE } from './dashboard.ts'
import { INFERENCE } from './service/inference.ts'
import { NOW } from './service/now.ts'
import { OBJECTIVES } from './service/objectives.ts'
import { PROCESS } from './service/process.ts'
import { REQUESTS } from './service/requests.ts'

export const SERVICE: DashboardOptions = {
  uid: 'renown-service',
  title: 'Service',
  description: 'Requests, failures, latency, the queue in front of the model, and the process.',
  from: 'now-3h',
  variables: [
    INSTANCE,
    {
      name: 'handler',
      label: 'Route',
      description: 'Which routes are shown.',
      query: 'label_values(http_requests_total{job="renown"}, handler)',
      many: true,
    },
  ],
  rows: [NOW, OBJECTIVES, REQUESTS, INFERENCE, PROCESS],
}
