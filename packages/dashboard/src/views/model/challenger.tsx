// A model that reads along: how often it agrees with the one that serves, and where it doesn't.
import type { VNode } from 'preact'
import type { Challenger } from '../../api/types.ts'
import { Fold } from '../../components/fold.tsx'
import { Moment } from '../../components/moment.tsx'
import { TableBox } from '../../components/table-box.tsx'
import { formatNoun, formatShare } from '../../format/number.ts'
import { describeAgreement } from '../../sentence/deployment.ts'
import { Confusion } from './confusion.tsx'

export function ChallengerSection({ challenger }: { challenger: Challenger }): VNode {
  const { version, labels, disagreements, compared } = challenger
  const names = namesOf(labels)
  const matrix = names.map((row) => names.map((column) => labels[row]?.[column] ?? 0))
  return (
    <section class="block" aria-labelledby="challenger-heading">
      <h2 id="challenger-heading">
        Reads along: {version.name} <span class="version">{version.version}</span>
      </h2>
      <p class="serving">{describeAgreement(challenger)}</p>
      <p class="quiet">
        <code>{version.reference}</code>, since <Moment iso={version.since} />. Its answers go nowhere.
      </p>
      {compared > 0 && (
        <div class="evaluation-details">
          <Confusion matrix={matrix} labels={names} caption="What the challenger called them" rows="What serves said" />
        </div>
      )}
      {disagreements.length > 0 && (
        <Fold words={`Where they differed last: ${formatNoun(disagreements.length, 'post')}`}>
          <Disagreements disagreements={disagreements} />
        </Fold>
      )}
    </section>
  )
}

/** In the order of what serves; labels that only the challenger gives come last. */
function namesOf(labels: Challenger['labels']): readonly string[] {
  return [...new Set([...Object.keys(labels), ...Object.values(labels).flatMap((row) => Object.keys(row))])]
}

function Disagreements({ disagreements }: Pick<Challenger, 'disagreements'>): VNode {
  return (
    <TableBox name="Where they differed last" tall={disagreements.length > 8}>
      <table class="table is-figures">
        <caption class="unseen">Where they differed last</caption>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">What serves</th>
            <th scope="col">Challenger</th>
          </tr>
        </thead>
        <tbody>
          {disagreements.map(({ at, served, challenger, served_score, challenger_score }, index) => (
            <tr key={`${at} ${index}`}>
              <th scope="row">
                <Moment iso={at} />
              </th>
              <td>
                {served} {formatShare(served_score)}
              </td>
              <td>
                {challenger} {formatShare(challenger_score)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  )
}
