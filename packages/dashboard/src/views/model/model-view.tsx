// "Model": what serves now and why, how well it does, what could replace it, and at last what it is in detail.
import type { VNode } from 'preact'
import { PATHS } from '../../api/paths.ts'
import type { Deployment, Model, Registry } from '../../api/types.ts'
import { type Resource, useDelayed, useFresh, useOnChange, useResource } from '../../app/hooks.ts'
import { Fold } from '../../components/fold.tsx'
import { Heading } from '../../components/heading.tsx'
import { Moment } from '../../components/moment.tsx'
import { Notice } from '../../components/notice.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { formatCount } from '../../format/number.ts'
import { Markdown } from '../../markdown/markdown.tsx'
import { AccuracySection } from '../accuracy/accuracy-section.tsx'
import { ChallengerSection } from './challenger.tsx'
import { Evaluations } from './evaluations.tsx'
import { Fact } from './fact.tsx'
import { History } from './history.tsx'
import { InService } from './in-service.tsx'
import { Versions } from './versions.tsx'

/** Often enough to watch a promotion arrive. */
const FRESH_MS = 4000

export function ModelView(): VNode {
  const model = useResource<Model>(PATHS.model)
  const deployment = useFresh<Deployment>(PATHS.deployment, FRESH_MS)
  const registry = useFresh<Registry>(PATHS.registry, FRESH_MS)
  const waiting = useDelayed(model.loading && model.data === null)
  // Another model serves: its facts are read again.
  useOnChange(deployment.data?.serving.hash, model.reload)

  function refresh(): void {
    deployment.reload()
    registry.reload()
  }

  return (
    <>
      <Heading title="Model" />
      <p class="lead">
        What reads your posts now, how well it does on posts that people labelled, and where its limits are.
      </p>
      {waiting && <Skeleton lines={10} name="Loading the model" />}
      {deployment.error !== null && <Problem of={deployment} />}
      {deployment.data !== null && (
        <InService deployment={deployment.data} registry={registry.data} onChange={refresh} />
      )}
      {model.error !== null && <Problem of={model} />}
      {model.data !== null && (
        <>
          <AccuracySection key={model.data.hash} />
          <Evaluations model={model.data} />
        </>
      )}
      {deployment.data !== null && deployment.data.challenger !== null && (
        <ChallengerSection challenger={deployment.data.challenger} />
      )}
      {registry.error !== null && <Problem of={registry} />}
      {registry.data !== null && <Versions registry={registry.data} onChange={refresh} />}
      {registry.data !== null && <History registry={registry.data} onChange={refresh} />}
      {model.data !== null && (
        <>
          <Facts model={model.data} />
          <Card source={model.data.card} />
        </>
      )}
    </>
  )
}

function Problem({ of: { error, data } }: { of: Resource<unknown> }): VNode | null {
  if (error === null) return null
  return <Notice error={error} {...(data === null ? {} : { meaning: 'What you see may be out of date.' })} />
}

function Card({ source }: { source: string }): VNode {
  return (
    <section class="block" aria-labelledby="card-heading">
      <h2 id="card-heading">Model card</h2>
      {source.trim() === '' ? (
        <p class="quiet">This model came without a card.</p>
      ) : (
        <Fold words="Read the card">
          <div class="card">
            <Markdown source={source} under={2} />
          </div>
        </Fold>
      )}
    </section>
  )
}

function Facts({ model }: { model: Model }): VNode {
  return (
    <section class="block about" aria-labelledby="facts-heading">
      <h2 id="facts-heading">
        About {model.name} <span class="version">{model.version}</span>
      </h2>
      <dl class="facts">
        <Fact name="Hash">
          <code title={model.hash}>{model.hash.slice(0, 12)}</code>
        </Fact>
        <Fact name="Weights">
          {describeEncoding(model.encoding)}, <code>{model.file}</code>
        </Fact>
        <Fact name="Reads at once">{model.window === null ? 'not known' : `${formatCount(model.window)} tokens`}</Fact>
        <Fact name="Fine-tuned from">{model.base ?? 'not known'}</Fact>
        <Fact name="Licence">{model.license ?? 'not known'}</Fact>
        <Fact name="Temperature">{String(Math.round(model.temperature * 1000) / 1000)}</Fact>
        <Fact name="Loaded">
          <Moment iso={model.loaded_at} />, as <code>{model.reference}</code>
        </Fact>
      </dl>
    </section>
  )
}

function describeEncoding(encoding: string): string {
  const known: Readonly<Record<string, string>> = {
    int8: '8 bit, signed',
    uint8: '8 bit, unsigned',
    float32: '32 bit',
    foreign: 'as its file has them',
  }
  return known[encoding] ?? encoding
}
