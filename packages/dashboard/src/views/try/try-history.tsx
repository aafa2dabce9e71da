// The last few tries of this visit; a click puts one back.
import type { VNode } from 'preact'
import { useVisit } from '../../app/context.tsx'
import { Mark } from '../../components/mark.tsx'
import { formatShare } from '../../format/number.ts'
import { oneLine } from '../../format/text.ts'

export function TryHistory({ onPick }: { onPick: (text: string) => void }): VNode {
  const { tries } = useVisit()
  return (
    <section class="history" aria-labelledby="history-heading">
      <h2 id="history-heading" class="small-heading">
        Tried in this visit
      </h2>
      {tries.length === 0 ? (
        <p class="quiet">What you type is listed here until you close the page. It is not stored.</p>
      ) : (
        <ul class="rows">
          {tries.map((tried) => (
            <li key={tried.text}>
              <button type="button" class="row history-row" onClick={() => onPick(tried.text)}>
                <Mark label={tried.label} />
                <span class="figure">{formatShare(tried.score)}</span>
                <bdi class="clip">{oneLine(tried.text)}</bdi>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
