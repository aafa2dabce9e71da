// Dashboard Sentiment, as the original system had it: what people say, live, and how it changed.
import { type DashboardOptions, MODEL } from './dashboard.ts'
import { onPage } from './panel.ts'

const ALL = 'job="renown", model=~"$model"'
const COLOURS = { negative: 'red', neutral: 'gray', positive: 'green' } as const

function texts(label: string, window: string, offset = ''): string {
  return `sum(increase(sentiment_analysis_predictions_total{${ALL}${label === '' ? '' : `, label="${label}"`}}[${window}]${offset}))`
}

/** Share of positive less share of negative, in points. */
function net(window: string, offset = ''): string {
  return `100 * (${texts('positive', window, offset)} - ${texts('negative', window, offset)}) / (${texts('', window, offset)} > 0)`
}

export const SENTIMENT: DashboardOptions = {
  uid: 'renown-sentiment',
  title: 'Sentiment',
  description:
    'What people say, as the texts that were classified show it: net sentiment, mix, volume, and their changes.',
  from: 'now-24h',
  variables: [MODEL],
  links: [onPage('/#/score', 'Score a file')],
  rows: [
    {
      title: 'The last 24 hours',
      panels: [
        {
          title: 'Net sentiment',
          description:
            'Share of positive texts less share of negative ones, in points from -100 to 100, over 24 hours.',
          kind: 'stat',
          queries: [{ expr: net('1d') }],
          empty: 'No text in 24 hours.',
          unit: 'none',
          width: 6,
          height: 6,
          decimals: 1,
          thresholds: [
            [null, 'red'],
            [-10, 'yellow'],
            [10, 'green'],
          ],
        },
        {
          title: 'Against the day before',
          description: 'Points by which net sentiment moved against the 24 hours before.',
          kind: 'stat',
          queries: [{ expr: `(${net('1d')}) - (${net('1d', ' offset 1d')})` }],
          empty: 'No text the day before.',
          unit: 'none',
          width: 6,
          height: 6,
          decimals: 1,
          thresholds: [
            [null, 'red'],
            [-5, 'yellow'],
            [5, 'green'],
          ],
        },
        {
          title: 'Against the week before',
          description: 'Points by which net sentiment of seven days moved against the seven days before.',
          kind: 'stat',
          queries: [{ expr: `(${net('7d')}) - (${net('7d', ' offset 7d')})` }],
          empty: 'No text the week before.',
          unit: 'none',
          width: 6,
          height: 6,
          decimals: 1,
          thresholds: [
            [null, 'red'],
            [-5, 'yellow'],
            [5, 'green'],
          ],
        },
        {
          title: 'Volume against the day before',
          description:
            'How many texts were classified within 24 hours, as a share of the 24 hours before: 200 % is twice as many.',
          kind: 'stat',
          queries: [{ expr: `${texts('', '1d')} / (${texts('', '1d', ' offset 1d')} > 0)` }],
          empty: 'No text the day before.',
          unit: 'percentunit',
          width: 6,
          height: 6,
          thresholds: [
            [null, 'green'],
            [2, 'orange'],
          ],
        },
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          title: 'Net sentiment by hour',
          description: 'Of the hour that ends there, beside the same hour of the day and of the week before.',
          kind: 'timeseries',
          queries: [
            { expr: net('1h'), legend: 'now' },
            { expr: net('1h', ' offset 1d'), legend: 'a day before' },
            { expr: net('1h', ' offset 1w'), legend: 'a week before' },
          ],
          unit: 'none',
          width: 24,
          min: -100,
          max: 100,
          colours: { now: 'blue', 'a day before': 'purple', 'a week before': 'gray' },
        },
        {
          title: 'Mix',
          description: 'Texts of each sentiment within an hour, as shares.',
          kind: 'timeseries',
          queries: [
            {
              expr: `sum by (label) (increase(sentiment_analysis_predictions_total{${ALL}}[1h]))`,
              legend: '{{label}}',
            },
          ],
          unit: 'short',
          width: 12,
          stack: 'percent',
          colours: COLOURS,
        },
        {
          title: 'Volume',
          description: 'Texts that were classified within an hour, beside a week before.',
          kind: 'timeseries',
          queries: [
            { expr: texts('', '1h'), legend: 'now' },
            { expr: texts('', '1h', ' offset 1w'), legend: 'a week before' },
          ],
          unit: 'short',
          width: 12,
          min: 0,
          colours: { now: 'blue', 'a week before': 'gray' },
        },
        {
          title: 'Live',
          description: 'Texts a second, by sentiment, as they come in.',
          kind: 'timeseries',
          queries: [
            {
              expr: `sum by (label) (rate(sentiment_analysis_predictions_total{${ALL}}[$__rate_interval]))`,
              legend: '{{label}}',
            },
          ],
          unit: 'ops',
          width: 12,
          min: 0,
          stack: 'normal',
          colours: COLOURS,
        },
        {
          title: 'Rows of uploaded files',
          description: 'Rows a second that were scored, or could not be.',
          kind: 'timeseries',
          queries: [
            {
              expr: 'sum by (outcome) (rate(renown_scoring_rows_total{job="renown"}[$__rate_interval]))',
              legend: '{{outcome}}',
            },
          ],
          unit: 'ops',
          width: 12,
          min: 0,
          links: [onPage('/#/score', 'Score a file')],
        },
      ],
    },
  ],
}
