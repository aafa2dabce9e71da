// What was recorded of two versions, side by side. It shows differences; whether they are more than chance, a gate says.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { comparisonPath } from '../../api/paths.ts'
import type { EvaluationPair, Metric, Registry, RegistryComparison, RegistryVersion } from '../../api/types.ts'
import { useResource } from '../../app/hooks.ts'
import { Fold } from '../../components/fold.tsx'
import { Notice } from '../../components/notice.tsx'
import { TableBox } from '../../components/table-box.tsx'
import { formatNoun, formatScore } from '../../format/number.ts'
import { describeMetric, orderMetrics } from './metric-names.ts'

export function Compare({ version, registry }: { version: RegistryVersion; registry: Registry }): VNode | null {
  const others = registry.versions.filter((other) => other.version !== version.version)
  const champion = registry.aliases.find(({ alias }) => alias === 'champion')?.current.version
  const [chosen, setChosen] = useState<string | null>(null)
  if (others.length === 0) return null
  const usual = others.find((other) => other.version === champion) ?? others[0]
  const one = chosen ?? usual?.version ?? ''
  return (
    <div class="compare">
      <h4>Compare</h4>
      <div class="form-field">
        <label for="compare-with">With</label>
        <select id="compare-with" class="field" onChange={(event) => setChosen(event.currentTarget.value)}>
          {others.map((other) => (
            <option key={other.version} value={other.version} selected={other.version === one}>
              {[other.version, ...other.aliases].join(', ')}
            </option>
          ))}
        </select>
      </div>
      <Comparison one={one} other={version.version} />
    </div>
  )
}

function Comparison({ one, other }: { one: string; other: string }): VNode {
  const { data, error } = useResource<RegistryComparison>(comparisonPath(one, other))
  if (error !== null) return <Notice error={error} />
  if (data === null) return <p class="quiet">Comparing</p>
  if (data.one.hash === data.other.hash) return <p>They are the same model: all files have the same hash.</p>
  if (data.evaluations.length === 0) return <p class="quiet">Nothing is recorded of either.</p>
  const both = data.evaluations.filter(isOfBoth)
  const single = data.evaluations.filter((pair) => !isOfBoth(pair))
  return (
    <>
      {both.length > 0 ? (
        <>
          <PairTables pairs={both} one={one} other={other} />
          <p class="quiet">Whether a difference is more than chance, a gate says.</p>
        </>
      ) : (
        <p>Nothing was measured of both.</p>
      )}
      {single.length > 0 && (
        <Fold words={`${formatNoun(single.length, 'measurement')} of one of them alone`}>
          <PairTables pairs={single} one={one} other={other} />
        </Fold>
      )}
    </>
  )
}

function isOfBoth({ one, other }: EvaluationPair): boolean {
  return one !== null && other !== null
}

interface TablesProps {
  readonly pairs: readonly EvaluationPair[]
  readonly one: string
  readonly other: string
}

function PairTables({ pairs, one, other }: TablesProps): VNode {
  return (
    <div class="pairs">
      {pairs.map((pair) => (
        <PairTable
          key={`${pair.file} ${pair.encoding} ${pair.data_set} ${pair.split}`}
          pair={pair}
          one={one}
          other={other}
        />
      ))}
    </div>
  )
}

function PairTable({ pair, one, other }: { pair: EvaluationPair; one: string; other: string }): VNode {
  const before = pair.one?.metrics ?? {}
  const after = pair.other?.metrics ?? {}
  const title = `${pair.data_set}, ${pair.split}: ${pair.file}${pair.encoding === null ? '' : `, ${pair.encoding}`}`
  return (
    <TableBox name={title}>
      <table class="table is-figures">
        <caption>
          {title}
          {pair.same_data === false && <strong> – not the same posts</strong>}
        </caption>
        <thead>
          <tr>
            <th scope="col">Score</th>
            <th scope="col">{one}</th>
            <th scope="col">{other}</th>
            <th scope="col">Points</th>
          </tr>
        </thead>
        <tbody>
          {orderMetrics([...new Set([...Object.keys(before), ...Object.keys(after)])]).map((name) => (
            <tr key={name}>
              <th scope="row">{describeMetric(name).title}</th>
              <td>{showMetric(before[name])}</td>
              <td>{showMetric(after[name])}</td>
              <td>{showDifference(before[name], after[name])}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}

function showMetric(metric: Metric | undefined): string {
  if (metric === undefined) return '–'
  const { value, low, high } = metric
  if (low === undefined || high === undefined) return formatScore(value)
  return `${formatScore(value)} (${formatScore(low)}–${formatScore(high)})`
}

/** In points of a hundred, with one decimal: models differ by less than a whole one. */
function showDifference(before: Metric | undefined, after: Metric | undefined): string {
  if (before === undefined || after === undefined) return '–'
  const points = (100 * (after.value - before.value)).toFixed(1)
  if (Number(points) === 0) return '0'
  return points.startsWith('-') ? `\u2212${points.slice(1)}` : `+${points}`
}
