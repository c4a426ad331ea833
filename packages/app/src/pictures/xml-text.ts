import { forPeople } from '../text/for-people.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '\n': '&#10;',
}

/** The one way of a text into XML, between tags and in values. */
export function xmlText(text: string): string {
  return escaped(forPeople(text))
}

/** Lines of a value, each of them for people. */
export function xmlLines(lines: readonly string[]): string {
  return escaped(lines.map(forPeople).join('\n'))
}

function escaped(text: string): string {
  return text.replace(/[&<>"'\n]/g, (letter) => entities[letter] ?? '')
}
