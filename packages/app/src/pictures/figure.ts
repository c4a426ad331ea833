/**
 * A drawing before anything has a place: boxes with lines of text, and links that lead from one to another. Every form that a picture is
 * written in (SVG, draw.io, DOT, Mermaid) is made of it.
 */
export interface Figure {
  readonly title: string
  /** What the drawing says, in sentences, for those who cannot see it. */
  readonly description: string
  /** Where links lead to, on the whole; what needs less room, unless given. */
  readonly direction?: 'right' | 'down'
  readonly boxes: readonly FigureBox[]
  readonly links: readonly FigureLink[]
}

/**
 * `site`: a network behind a gateway; `group`: several that are alike; `gateway`, `hosts`: parts of a site.
 */
type BoxKind = 'site' | 'group' | 'gateway' | 'hosts'

export interface FigureBox {
  /** Letters, digits, `-` and `_`; no two boxes have the same. */
  readonly id: string
  readonly kind: BoxKind
  readonly title: string
  readonly lines: readonly FigureLine[]
  readonly mark?: FigureMark | undefined
}

export interface FigureLine {
  readonly text: string
  /** `address`: addresses, names on devices; `words`: a sentence or a part of one; `quiet`: what is good to know besides. */
  readonly style: 'address' | 'words' | 'quiet'
  /** Behind the text, in other letters. */
  readonly note?: string | undefined
  readonly mark?: FigureMark | undefined
}

/** Every mark stands in words too, so that nothing is said by colour alone. */
export type FigureMark = 'collides' | 'translated' | 'added' | 'removed' | 'changed' | 'good' | 'bad'

export interface FigureLink {
  /** Ids of boxes; the first of them is drawn further to the left. */
  readonly from: string
  readonly to: string
  /** `tunnel`: encrypted; `plain`: inside a site; `over`: over the gateway of a third site; `absent`: none, but it keeps its place. */
  readonly kind: 'tunnel' | 'plain' | 'over' | 'absent'
  /** At which ends there are arrow heads. */
  readonly arrow: 'none' | 'to' | 'from' | 'both'
  readonly lines: readonly FigureLine[]
  readonly mark?: FigureMark | undefined
}

/** One text with its note, where letters cannot differ. */
export function plainLine({ text, note }: FigureLine): string {
  return note === undefined ? text : `${text}  ${note}`
}

/** The same for those who listen. */
export function spokenLine({ text, note }: FigureLine): string {
  return note === undefined ? text : `${text} (${note})`
}
