import { forPeople } from '../text/for-people.ts'

/** What begins something else in Mermaid, or in the HTML that it makes, as the numbers that it takes instead. */
export function mermaidText(text: string): string {
  return forPeople(text).replace(/[#;<>&%$`"]/g, (character) => `#${character.charCodeAt(0)};`)
}
