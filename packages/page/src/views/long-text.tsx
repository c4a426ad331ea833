import { Scroller } from './scroller.tsx'

/** So much of it is shown. */
const shownLetters = 4000

/** The begin of a text that is too long for a field: a browser takes seconds to lay out tens of thousands of lines. */
export function LongText({
  id,
  label,
  text,
  onEdit,
  onClear,
}: {
  /** Of the button that makes a field of it. */
  readonly id: string
  readonly label: string
  readonly text: string
  readonly onEdit: () => void
  readonly onClear: () => void
}) {
  const end = text.lastIndexOf('\n', shownLetters)
  return (
    <div class="long">
      <p>
        All {text.length.toLocaleString('en')} characters of it are used; the first lines are shown.{' '}
        <button type="button" id={id} onClick={onEdit}>
          Edit all of it
        </button>{' '}
        <button type="button" onClick={onClear}>
          Take it away
        </button>
      </p>
      <Scroller label={`${label}: the first lines`}>
        <pre>{text.slice(0, end > 0 ? end : shownLetters)}</pre>
      </Scroller>
    </div>
  )
}

/** Of the button that makes a field of the text of a box. */
export function editButtonOf(box: string): string {
  return `${box}-edit`
}
