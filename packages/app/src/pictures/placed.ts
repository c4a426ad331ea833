import type { FigureBox, FigureLine, FigureLink } from './figure.ts'

/** Pixels from the left upper corner. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface Area extends Point {
  readonly width: number
  readonly height: number
}

/** A line of text with the left end of its base line. */
export interface PlacedLine extends Point {
  readonly line: FigureLine
}

export interface PlacedBox extends Area {
  readonly box: FigureBox
  /** The left end of the title's base line. */
  readonly title: Point
  readonly lines: readonly PlacedLine[]
}

export interface PlacedLink {
  readonly link: FigureLink
  /** From edge to edge of the two boxes, at least two. */
  readonly way: readonly Point[]
  /** Where its text stands; `undefined` without one. */
  readonly label: Area | undefined
  readonly lines: readonly PlacedLine[]
}

export interface PlacedFigure {
  readonly title: string
  readonly description: string
  readonly width: number
  readonly height: number
  /** Above the parts of a picture with several. */
  readonly headings: readonly PlacedLine[]
  readonly boxes: readonly PlacedBox[]
  readonly links: readonly PlacedLink[]
}
