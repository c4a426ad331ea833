/**
 * A template as what it prints, in order: a text; a value; a block with what it prints, and what it prints else. Names are those of a
 * view; `../` leads out of a list, and a path that ends there, or is empty, is the item itself.
 */
export type TemplatePiece =
  | string
  | readonly ['v', string]
  | readonly [BlockHelper, string, readonly TemplatePiece[], (readonly TemplatePiece[])?]

export type TemplatePieces = readonly TemplatePiece[]

/** The block helpers that a template may use. */
export const blockHelpers = ['each', 'if', 'unless'] as const

export type BlockHelper = (typeof blockHelpers)[number]

/** The only other helper: every value goes through it. */
export const valueHelper = 'v'
