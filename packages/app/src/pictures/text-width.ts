/** Letters of a figure, with their size in pixels. */
export interface Lettering {
  readonly family: 'mono' | 'sans'
  readonly size: number
  readonly isBold?: boolean
}

/**
 * How wide a text is at most, in pixels, whatever font a reader has: measured on the widest of the common ones (DejaVu and Verdana for sans-serif,
 * DejaVu Sans Mono), with a little room. Letters outside Latin, Greek and Cyrillic are taken for squares.
 */
export function textWidth(text: string, { family, size, isBold = false }: Lettering): number {
  const widthOf = family === 'mono' ? monoWidth : sansWidth
  let width = 0
  for (const letter of text) width += widthOf(letter)
  return Math.ceil(width * size * (isBold ? 1.1 : 1))
}

const square = 1.1

function monoWidth(letter: string): number {
  return isWestern(letter) ? 0.62 : square
}

function sansWidth(letter: string): number {
  if (narrow.includes(letter)) return 0.42
  if (wide.includes(letter)) return 1
  if (letter === ' ') return 0.36
  if (!isWestern(letter)) return square
  return letter >= 'A' && letter <= 'Z' ? 0.76 : 0.66
}

const narrow = "iIljtfr.,:;'|!()[]/-"
const wide = 'mMwWQ@%↔→←↺…—'

/** Latin, Greek, Cyrillic and general punctuation. */
function isWestern(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0
  return code < 0x530 || (code >= 0x2010 && code <= 0x2030)
}
