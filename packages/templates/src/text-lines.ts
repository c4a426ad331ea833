import { hidden } from './line-tokens.ts'
import type { NotUnderstood } from './platform.ts'
import { SecretBlocks } from './secret-blocks.ts'

/** One line of a text. */
export interface TextLine {
  /** As it was written, without blanks around it; hidden where it is the rest of a secret that began above. */
  readonly written: NotUnderstood
  /** As it is read: without what a terminal left in it, and with plain blanks. */
  readonly text: string
}

/** Where the next line starts, and its number. */
export interface LineCursor {
  at: number
  line: number
}

/**
 * Takes one by one the lines of a text that was saved or copied anywhere: with a mark of the byte order, line ends of any system, blanks that do not
 * break, and the sequences by which a program moves the cursor and colours. Where a program went back to the start of a line, each
 * part counts. `takeMany` may move the cursor over lines that it takes itself: plain ones, and no secret that goes on below.
 */
export function eachLine(
  text: string,
  take: (line: TextLine) => void,
  takeMany?: (text: string, cursor: LineCursor) => void,
): void {
  const end = text.includes('\n') ? '\n' : '\r'
  const blocks = new SecretBlocks()
  for (const cursor = { at: 0, line: 1 }; cursor.at <= text.length; cursor.line++) {
    if (!blocks.isInside) takeMany?.(text, cursor)
    const found = text.indexOf(end, cursor.at)
    const stop = found < 0 ? text.length : found
    for (const part of partsOf(text.slice(cursor.at, stop))) {
      const shown = blocks.takes(part) ? hidden : part.trim()
      take({ written: { line: cursor.line, text: shown }, text: plain(part).trim() })
    }
    cursor.at = stop + 1
  }
}

/** What a program wrote one over the other on a line. Blank parts are left out: at the end of each line of CRLF is one, and a secret goes on behind it. */
function partsOf(whole: string): readonly string[] {
  if (!whole.includes('\r')) return [whole]
  const parts = whole.split('\r').filter((part) => part.trim() !== '')
  return parts.length > 0 ? parts : ['']
}

const esc = String.fromCharCode(27)
const bell = String.fromCharCode(7)

/** ECMA-48: control sequences, those of the operating system up to their end, two-byte ones. */
const sequences = new RegExp(
  [`\\[[0-?]*[ -/]*[@-~]`, `\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)`, `[ -/]*[0-~]`]
    .map((sequence) => `${esc}${sequence}`)
    .join('|'),
  'g',
)
const controls = /[\p{Cc}\u200b-\u200f\u2060\ufeff]/gu
const blanks = /[\t\p{Zs}\u2028\u2029]/gu
const ascii = /^[ -~]*$/

function plain(text: string): string {
  if (ascii.test(text)) return text
  return text.replace(sequences, '').replace(blanks, ' ').replace(controls, '')
}
