/**
 * Controls above the blank, what turns text around or hides it, and what begins a command where a log is read by Azure Pipelines: JSON and
 * quoted YAML take them escaped too.
 */
export const unseen = /[\u007f-\u009f\p{Cf}\u2028\u2029]|(?<=#)#(?=[a-z]*\[)/iu

/** A text in which every character can be seen. */
export function escapedText(text: string): string {
  return text.replace(new RegExp(unseen, 'giu'), (character) =>
    Array.from({ length: character.length }, (_, index) => `\\u${hexOf(character.charCodeAt(index))}`).join(''),
  )
}

function hexOf(unit: number): string {
  return unit.toString(16).padStart(4, '0')
}
