// The scores of each served file with their intervals, and where the model goes wrong.
import type { VNode } from 'preact'
import type { Metric, Model, ModelEvaluation } from '../../api/types.ts'
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
          {model.evaluations.map((evaluation) => (
            <EvaluationView
              key={`${evaluation.file} ${evaluation.encoding ?? ''} ${evaluation.data_set} ${evaluation.split}`}
              evaluation={evaluation}
              labels={model.labels}
              serves={isServed(evaluation, model)}
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

interface ViewProps {
  readonly evaluation: ModelEvaluation
  readonly labels: readonly string[]
  readonly serves: boolean
}

function EvaluationView({ evaluation, labels, serves }: ViewProps): VNode {
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
      <MetricTable metrics={evaluation.metrics} name={`Scores on ${data_set}, ${split}`} />
      {(confusion !== undefined || per_class !== undefined) && (
        <div class="evaluation-details">
          {per_class !== undefined && <PerClass classes={per_class} />}
          {confusion !== undefined && <Confusion matrix={confusion} labels={labels} />}
        </div>
      )}
    </article>
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
