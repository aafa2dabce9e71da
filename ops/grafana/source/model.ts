// Dashboard Model: what it says, how sure it is, whether that can be trusted, and how the challenger compares.
import { type DashboardOptions, INSTANCE, MODEL } from './dashboard.ts'
import { ANSWERS } from './model/answers.ts'
import { CHALLENGER } from './model/challenger.ts'
import { QUALITY } from './model/quality.ts'
import { SERVING } from './model/serving.ts'
import { onPage } from './panel.ts'

export const MODEL_DASHBOARD: DashboardOptions = {
  uid: 'renown-model',
  title: 'Model',
  description: 'Which model serves, what it answers, how sure it is, how good it is by estimate and by labels.',
  from: 'now-24h',
  variables: [INSTANCE, MODEL],
  links: [onPage('/#/model', 'Model page')],
  rows: [SERVING, ANSWERS, QUALITY, CHALLENGER],
}
