import type { WordHelp } from '../answers/plan-place.ts'
import type { Mark } from '../marks.ts'

/** What a word of the plan file is, and what was found there. */
export function WordAbout({
  word,
  marks,
  at,
}: {
  readonly word: WordHelp | undefined
  readonly marks: readonly Mark[]
  readonly at: number
}) {
  const found = marksAt(marks, at)
  return (
    <>
      {found.map(({ message, hint, severity }) => (
        <p key={message} class={`found ${severity}`}>
          {message}
          {hint !== undefined && <span class="hint"> {hint}</span>}
        </p>
      ))}
      {word && (
        <p>
          <code>{pathText(word.path)}</code> <span class="quiet">{word.about}</span>
        </p>
      )}
    </>
  )
}

export function marksAt(marks: readonly Mark[], at: number): Mark[] {
  return marks.filter(({ from, to }) => from <= at && at <= to)
}

export function pathText(path: readonly string[]): string {
  return path.map((key) => (key === '*' ? '…' : key)).join(' › ')
}
