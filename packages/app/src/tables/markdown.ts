import { visible } from '@natplan/templates'
import { forPeople } from '../text/for-people.ts'

/**
 * A text as Markdown that shows just this text: no HTML, no picture, no link, no mark-up, nobody mentioned. Addresses and names read as
 * before; what a renderer would make a link of by itself becomes code.
 */
export function markdownText(text: string): string {
  if (text === '~') return text
  return forPeople(text)
    .split(linkLike)
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : part.replace(markUp, escaped)))
    .join('')
}

/** Addresses of pages and of people, and `@names`: only in code they stay what they are. */
const linkLike = /((?:(?:(?:[A-Za-z][\w+.-]*:)?\/\/|www\.)[\w:/.?=%&~#+@,;-]*|[\w.+:-]*@[\w.@+-]*)+)/i

/** What Markdown takes as its own; an underscore inside a word and a backslash before a letter are nothing to it. */
const markUp = /[<>&]|[`*[\]|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|\\(?=[!-/:-@[-`{-~]|$)/g

const entities: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }

function escaped(character: string): string {
  return entities[character] ?? `\\${character}`
}

/** A text that stands alone in its line: what would begin a heading, a list, a line or a block there does not. */
export function markdownParagraph(text: string): string {
  return markdownText(text.trim()).replace(/^(#|[-+=]|\d+(?=[.)](?:\s|$)))/, (start) =>
    /^\d/.test(start) ? `${start}\\` : `\\${start}`,
  )
}

/** A row of a table. */
export function markdownRow(cells: readonly string[]): string {
  return `| ${cells.map(markdownText).join(' | ')} |\n`
}

/** Lines to be copied, between fences that none of them can end. */
export function markdownCode(lines: readonly string[]): string {
  const texts = lines.map((line) => visible(line))
  const longest = Math.max(2, ...texts.flatMap((text) => (text.match(/`+/g) ?? []).map((run) => run.length)))
  const fence = '`'.repeat(longest + 1)
  return `${fence}text\n${texts.map((text) => `${text}\n`).join('')}${fence}\n`
}
