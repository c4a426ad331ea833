import type { PlaceHelp } from '../answers/plan-place.ts'
import type { Mark } from '../marks.ts'
import { pathText, WordAbout } from './word-about.tsx'

/** So many offers are listed; more letters make them fewer. */
const mostOffers = 12

/** What can be written where somebody is in the plan file, to be written by a button. */
export function PlanHelp({
  help,
  box,
  marks,
}: {
  readonly help: PlaceHelp | undefined
  readonly box: string
  readonly marks: readonly Mark[]
}) {
  if (!help) return null
  const { place, about, offers, at, word } = help
  const shown = offers.slice(0, mostOffers)
  const path = pathText(place.path)
  return (
    <details class="help" open>
      <summary>What can stand here: {path === '' ? 'at the top' : path}</summary>
      <WordAbout word={word} marks={marks} at={at} />
      {about !== '' && about !== word?.about && <p class="quiet">{about}</p>}
      {shown.length > 0 && (
        <ul>
          {shown.map(({ text, about: what }) => (
            <li key={text}>
              <button type="button" onClick={() => write(box, text, place)}>
                {text}
              </button>{' '}
              <span class="quiet">{what}</span>
            </li>
          ))}
        </ul>
      )}
      {offers.length > shown.length && <p class="quiet">… and {offers.length - shown.length} more</p>}
    </details>
  )
}

/** In place of the letters that begin it; the field then tells of it as of anything typed. */
function write(id: string, text: string, { typed, isValue }: PlaceHelp['place']): void {
  const area = document.getElementById(id)
  if (!(area instanceof HTMLTextAreaElement)) return
  const at = area.selectionStart
  area.setRangeText(isValue ? text : `${text}: `, at - typed.length, area.selectionEnd, 'end')
  area.focus()
  area.dispatchEvent(new InputEvent('input', { bubbles: true }))
}
