import type { WordHelp } from '../answers/plan-place.ts'
import type { Mark } from '../marks.ts'
import type { Rest } from './use-rest.ts'
import { marksAt, WordAbout } from './word-about.tsx'

/** What stands under the pointer, below its line; the pointer can go there to read on. */
export function HoverCard({
  rest: { at, left, top },
  word,
  marks,
}: {
  readonly rest: Rest
  readonly word: WordHelp | undefined
  readonly marks: readonly Mark[]
}) {
  const here = word && word.from <= at && at <= word.to ? word : undefined
  if (!here && marksAt(marks, at).length === 0) return null
  return (
    <div class="card" role="tooltip" style={{ left: `min(${left}px, max(0px, 100% - 26rem))`, top: `${top}px` }}>
      <WordAbout word={here} marks={marks} at={at} />
    </div>
  )
}
