import { visible } from '@natplan/templates'
import { forPeople } from '../text/for-people.ts'
import { markupText } from '../text/markup.ts'

/** A text in HTML, between tags and in values in quotes. */
export function html(text: string): string {
  return markupText(forPeople(text))
}

/** Lines to enter somewhere, as they are. */
export function htmlCode(text: string): string {
  return markupText(text.split('\n').map(visible).join('\n'))
}
