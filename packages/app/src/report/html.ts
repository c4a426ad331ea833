import { visible } from '@natplan/templates'
import { forPeople } from '../text/for-people.ts'
import { markupText } from '../text/markup.ts'

/** A text in HTML, between tags and in values in double quotes. */
export function html(text: string): string {
  return markupText(forPeople(text))
}

/** Lines to enter somewhere, whole and as they are. */
export function htmlCode(text: string): string {
  if (plain.test(text)) return markupText(text)
  return text
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : markupText(visible(part))))
    .join('')
}

/** Nothing in it is to be made visible, as in nearly all that is entered somewhere. */
const plain = /^[\n\t -~]*$/
