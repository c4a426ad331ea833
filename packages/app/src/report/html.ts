import { visible } from '@natplan/templates'
import { forPeople } from '../text/for-people.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** The one way of a text into HTML, between tags and in values in quotes. */
export function html(text: string): string {
  return escaped(forPeople(text))
}

/** Lines to enter somewhere, as they are. */
export function htmlCode(text: string): string {
  return escaped(text.split('\n').map(visible).join('\n'))
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => entities[letter] ?? '')
}
