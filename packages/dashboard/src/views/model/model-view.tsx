// "Model": what serves now, how well it does, what its card says.
import type { VNode } from 'preact'
import { PATHS } from '../../api/paths.ts'
import type { Model } from '../../api/types.ts'
import { useDelayed, useResource } from '../../app/hooks.ts'
import { Heading } from '../../components/heading.tsx'
import { Moment } from '../../components/moment.tsx'
import { Notice } from '../../components/notice.tsx'
import { Skeleton } from '../../components/skeleton.tsx'
import { formatCount } from '../../format/number.ts'
import { Markdown } from '../../markdown/markdown.tsx'
import { Evaluations } from './evaluations.tsx'

export function ModelView(): VNode {
  const { data, error, loading } = useResource<Model>(PATHS.model)
  const waiting = useDelayed(loading && data === null)
  return (
    <>
      <Heading title="Model" />
      <p class="lead">
        What reads your posts now, how well it does on posts that people labelled, and where its limits are.
      </p>
      {waiting && <Skeleton lines={10} name="Loading the model" />}
      {error !== null && (
        <Notice error={error} {...(data === null ? {} : { meaning: 'What you see may be out of date.' })} />
      )}
      {data !== null && (
        <>
          <Facts model={data} />
          <Evaluations model={data} />
          <section class="block" aria-labelledby="card-heading">
            <h2 id="card-heading">Model card</h2>
            {data.card.trim() === '' ? (
              <p class="quiet">This model came without a card.</p>
            ) : (
              <div class="card">
                <Markdown source={data.card} under={2} />
              </div>
            )}
          </section>
        </>
      )}
    </>
  )
}

function Facts({ model }: { model: Model }): VNode {
  return (
    <section class="block" aria-labelledby="facts-heading">
      <h2 id="facts-heading">
        {model.name} <span class="version">{model.version}</span>
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

function Fact({ name, children }: { name: string; children: VNode | string | (VNode | string)[] }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
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
