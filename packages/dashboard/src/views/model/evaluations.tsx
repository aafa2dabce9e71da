// The scores of each served file with their intervals, and where the model goes wrong.
import type { VNode } from 'preact'
import type { Metric, Model, ModelEvaluation } from '../../api/types.ts'
import { Fold } from '../../components/fold.tsx'
import { TableBox } from '../../components/table-box.tsx'
import { formatCount, formatScore } from '../../format/number.ts'
import { Confusion } from './confusion.tsx'
import { describeMetric, orderMetrics } from './metric-names.ts'
import { PerClass } from './per-class.tsx'
import { RangeMark } from './range-mark.tsx'

export function Evaluations({ model }: { model: Model }): VNode {
  return (
    <section class="block" aria-labelledby="scores-heading">
      <h2 id="scores-heading">How well it does</h2>
      {model.evaluations.length === 0 ? (
        <p class="quiet">
          Nothing is measured yet. <code>renown evaluate</code> measures a model on labelled posts.
        </p>
      ) : (
        <>
          <p class="quiet">From 0 to 1, with 95% intervals: the marks are on one scale.</p>
          {inOrder(model).map((evaluation, index) => (
            <EvaluationView
              key={`${evaluation.file} ${evaluation.encoding ?? ''} ${evaluation.data_set} ${evaluation.split}`}
              evaluation={evaluation}
              labels={model.labels}
              serves={isServed(evaluation, model)}
              open={index === 0}
            />
          ))}
        </>
      )}
    </section>
  )
}

/** Scores hold for one file and one encoding of its weights. */
function isServed({ file, encoding }: ModelEvaluation, model: Model): boolean {
  return file === model.file && (encoding === undefined || encoding === model.encoding)
}

/** Of what serves first, otherwise as the manifest has them. */
function inOrder(model: Model): readonly ModelEvaluation[] {
  return model.evaluations.toSorted((a, b) => Number(isServed(b, model)) - Number(isServed(a, model)))
}

interface ViewProps {
  readonly evaluation: ModelEvaluation
  readonly labels: readonly string[]
  readonly serves: boolean
  readonly open: boolean
}

function EvaluationView({ evaluation, labels, serves, open }: ViewProps): VNode {
  const { file, encoding, data_set, split, rows, confusion, per_class } = evaluation
  return (
    <article class="card evaluation">
      <h3>
        {data_set}, {split}
      </h3>
      <p class="quiet">
        n = {formatCount(rows)} · <code>{file}</code>
        {encoding !== undefined && ` · ${encoding}`}
        {serves && ' · serves now'}
      </p>
      <Headline metrics={evaluation.metrics} />
      <Fold words="All scores" about={`on ${[data_set, split, file, encoding].filter(Boolean).join(', ')}`} open={open}>
        <MetricTable metrics={evaluation.metrics} name={`Scores on ${data_set}, ${split}`} />
        {(confusion !== undefined || per_class !== undefined) && (
          <div class="evaluation-details">
            {per_class !== undefined && <PerClass classes={per_class} />}
            {confusion !== undefined && <Confusion matrix={confusion} labels={labels} />}
          </div>
        )}
      </Fold>
    </article>
  )
}

/** The first of its scores in words: what is seen of one that is folded. */
function Headline({ metrics }: { metrics: Readonly<Record<string, Metric>> }): VNode | null {
  const [key] = orderMetrics(Object.keys(metrics))
  const metric = key === undefined ? undefined : metrics[key]
  if (key === undefined || metric === undefined) return null
  const { value, low, high } = metric
  const range = low === undefined || high === undefined ? '' : ` (${formatScore(low)} to ${formatScore(high)})`
  return (
    <p class="evaluation-headline">
      {describeMetric(key).title} <strong>{formatScore(value)}</strong>
      {range}
    </p>
  )
}

function MetricTable({ metrics, name }: { metrics: Readonly<Record<string, Metric>>; name: string }): VNode {
  return (
    <TableBox name={name}>
      <table class="table is-figures metrics">
        <caption class="unseen">{name}</caption>
        <thead>
          <tr>
            <th scope="col">Score</th>
            <th scope="col">Value</th>
            <th scope="col">95% interval</th>
            <th scope="col" class="range-head">
              <span class="unseen">On a scale from 0 to 1</span>
              <span class="range-ends" aria-hidden="true">
                <span>0</span>
                <span>1</span>
              </span>
            </th>
          </tr>
        </thead>
        <tbody>
          {orderMetrics(Object.keys(metrics)).map((key) => (
            <MetricRow key={key} name={key} metric={metrics[key]} />
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}

function MetricRow({ name, metric }: { name: string; metric: Metric | undefined }): VNode | null {
  if (metric === undefined) return null
  const { value, low, high } = metric
  const { title, hint } = describeMetric(name)
  return (
    <tr>
      <th scope="row">
        {title}
        {hint !== '' && <span class="quiet metric-hint">{hint}</span>}
      </th>
      <td>{formatScore(value)}</td>
      <td>{low === undefined || high === undefined ? '–' : `${formatScore(low)} to ${formatScore(high)}`}</td>
      <td>
        <RangeMark metric={metric} />
      </td>
    </tr>
  )
}
