import type { Place } from '@natplan/core'

export interface Position {
  readonly line: number
  readonly column: number
}

/** A text that is there already, and what messages call it: a file's name as the user wrote it. */
export interface NamedText {
  readonly name: string
  readonly text: string
}

/** A text that was read, as far as messages about it need to know. */
export interface Document {
  /** The file's name as the user wrote it, or what stands for it. */
  readonly name: string
  /** Where a place is in the text; `undefined` when the text has no such place or is not a text. */
  locate(place: Place): Located | undefined
}

/** A position, with the file that it is in where that is another one: one that a plan includes. */
interface Located extends Position {
  readonly name?: string
}

/** The documents that findings point into. */
export type Documents = Readonly<Partial<Record<Place['source'], Document>>>

/** The position that a place has of its own. */
export function positionOf({ line, column }: Place): Position | undefined {
  return line === undefined ? undefined : { line, column: column ?? 1 }
}

/** Which document a place is in and, where it is known, where in it. */
export function whereIs(
  place: Place,
  documents: Documents,
): { readonly name: string; readonly position: Position | undefined } {
  const document = documents[place.source]
  const { line, column = 1, file } = place
  const known = line === undefined ? undefined : { line, column }
  const position: Located | undefined = document?.locate(place) ?? known
  return { name: file ?? position?.name ?? document?.name ?? place.source, position }
}
