/** All that could move a cursor, hide or turn around other text: controls, formats, line ends, halves of characters. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** A text with every character visible (a tab is a blank), and cut where it is longer. */
export function visible(text: string, longestShown = Number.POSITIVE_INFINITY): string {
  const printable = text.replace(invisible, (character) =>
    character === '\t' ? ' ' : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
  return printable.length > longestShown ? `${printable.slice(0, longestShown - 3)}...` : printable
}
