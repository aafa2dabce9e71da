// How good the model is on the posts of late, whether they changed, and the texts that people label.
import type { VNode } from 'preact'
import { PATHS } from '../../api/paths.ts'
import type { Drift } from '../../api/types.ts'
import { useFresh } from '../../app/hooks.ts'
import { Notice } from '../../components/notice.tsx'
import { formatNoun, formatShare } from '../../format/number.ts'
import {
  describeAccuracy,
  describeFindings,
  describeRecent,
  describeRetraining,
  describeVerdict,
} from '../../sentence/drift.ts'
import { Fact } from '../model/fact.tsx'
import { LabelTexts } from './label-texts.tsx'

const FRESH_MS = 60_000

export function AccuracySection(): VNode {
  const drift = useFresh<Drift>(PATHS.drift, FRESH_MS)
  return (
    <section class="block today" aria-labelledby="accuracy-heading">
      <h2 id="accuracy-heading">Today</h2>
      {drift.error !== null && <Notice error={drift.error} />}
      {drift.data !== null && <Today drift={drift.data} onLabelled={drift.reload} />}
    </section>
  )
}

function Today({ drift, onLabelled }: { drift: Drift; onLabelled: () => void }): VNode {
  const findings = describeFindings(drift)
  const recent = describeRecent(drift)
  const retraining = describeRetraining(drift)
  return (
    <>
      <p class="serving">{describeVerdict(drift)}</p>
      {recent !== null && <p>{recent}</p>}
      {findings !== null && <p>{findings}</p>}
      {retraining !== null && <p>{retraining}</p>}
      {drift.watched && <Accuracy drift={drift} />}
      {drift.watched && <LabelTexts drift={drift} onLabelled={onLabelled} />}
    </>
  )
}

function Accuracy({ drift }: { drift: Drift }): VNode {
  const { reference, estimated_accuracy: estimated, sampled_accuracy: sampled, labelled } = drift
  return (
    <dl class="facts">
      {reference !== null && reference.accuracy !== null && (
        <Fact name="Right when measured">{formatShare(reference.accuracy)}</Fact>
      )}
      <Fact name="Probably right today">
        {estimated === null ? 'Too few posts' : describeAccuracy(estimated)}{' '}
        <span class="quiet">judged by how sure it is, which a new kind of posts can mislead</span>
      </Fact>
      <Fact name="Right by labels">
        {sampled === null ? 'Too few labels' : describeAccuracy(sampled)}{' '}
        <span class="quiet">{formatNoun(labelled, 'labelled post')} of the last seven days</span>
      </Fact>
    </dl>
  )
}
