// The first rows of the file and which column is what; then the button that scores it.
import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { ColumnMapping, Scoring } from '../../api/types.ts'
import { useAction } from '../../app/hooks.ts'
import { Notice } from '../../components/notice.tsx'
import { formatCount } from '../../format/number.ts'
import { PreviewTable } from './preview-table.tsx'
import { type Chosen, ROLES } from './roles.ts'

interface Props {
  readonly scoring: Scoring
  onStart(columns: ColumnMapping): Promise<void>
  onRemove(): Promise<void>
}

export function ColumnForm({ scoring, onStart, onRemove }: Props): VNode {
  const { guess } = scoring
  const [chosen, setChosen] = useState<Chosen>({
    text: guess.text,
    date: guess.date,
    author: guess.author,
    source: guess.source,
  })
  const { busy, error, run } = useAction()

  function submit(event: Event): void {
    event.preventDefault()
    const { text, date, author, source } = chosen
    if (text !== null) run(() => onStart({ text, date, author, source }))
  }

  return (
    <form class="columns" onSubmit={submit}>
      <h2>Which column is what?</h2>
      <p class="quiet" id="columns-hint">
        {guess.text === null
          ? 'No column looks like the text of posts. Choose the one that holds it.'
          : 'This is a guess from the names and the first rows. Change what is wrong.'}
      </p>
      <div class="column-fields">
        {ROLES.map(({ role, name, hint, required }) => (
          <ColumnSelect
            key={role}
            id={`column-${role}`}
            name={name}
            hint={hint}
            required={required}
            columns={scoring.columns}
            value={chosen[role]}
            onChange={(column) => setChosen({ ...chosen, [role]: column })}
          />
        ))}
      </div>
      <PreviewTable scoring={scoring} chosen={chosen} />
      {error !== null && <Notice error={error} meaning="Nothing was scored." />}
      <div class="actions">
        <button type="submit" class="button is-primary" disabled={busy || chosen.text === null}>
          {scoring.progress.rows > 0 ? `Score ${formatCount(scoring.progress.rows)} rows` : 'Score this file'}
        </button>
        <button type="button" class="button" disabled={busy} onClick={() => run(onRemove)}>
          Delete this file
        </button>
      </div>
    </form>
  )
}

interface SelectProps {
  readonly id: string
  readonly name: string
  readonly hint: string
  readonly required: boolean
  readonly columns: readonly string[]
  readonly value: string | null
  onChange(column: string | null): void
}

function ColumnSelect({ id, name, hint, required, columns, value, onChange }: SelectProps): VNode {
  return (
    <div class="form-field">
      <label for={id}>
        {name} {!required && <span class="quiet">(optional)</span>}
      </label>
      <select
        id={id}
        class="field"
        required={required}
        aria-describedby={`${id}-hint`}
        onChange={(event) =>
          onChange(event.currentTarget.value === '' ? null : (columns[Number(event.currentTarget.value)] ?? null))
        }
      >
        <option value="" selected={value === null}>
          {required ? 'Choose a column' : 'None'}
        </option>
        {columns.map((column, index) => (
          <option key={column} value={index} selected={column === value}>
            {column === '' ? `Column ${index + 1}` : column}
          </option>
        ))}
      </select>
      <span class="quiet" id={`${id}-hint`}>
        {hint}
      </span>
    </div>
  )
}
