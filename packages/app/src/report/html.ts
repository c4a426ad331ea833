import { visible } from '@natplan/templates'
import { forPeople } from '../text/for-people.ts'
import { markupText } from '../text/markup.ts'

/** A text in HTML, between tags and in values in double quotes. */
export function html(text: string): string {
  return markupText(forPeople(text))
}

/** Lines to enter somewhere, whole and as they are. */
export function htmlCode(text: string): string {
  return text
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : markupText(visible(part))))
    .join('')
}
