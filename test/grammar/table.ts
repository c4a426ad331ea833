/** `leaf` holds one value, `leaves` several; a `flag` holds none; a `tag` has a value, and nodes below it. */
export type Kind = 'node' | 'tag' | 'leaf' | 'leaves' | 'flag'

/** What a value must be: a test of `values.ts` with its arguments, or several of which any or all must hold. */
export type ValueTest = string | { readonly any: readonly ValueTest[] } | { readonly all: readonly ValueTest[] }

export interface GrammarNode {
  readonly kind: Kind
  readonly is?: ValueTest
  /** Nodes below, without which the device refuses: one of each list. */
  readonly needs?: readonly (readonly string[])[]
}

/** Where facts were read: a branch of a public repository, as of a commit. */
export interface Source {
  readonly repository: string
  readonly branch: string
  readonly commit: string
  readonly paths: readonly string[]
}

/** The nodes of a release that natplan may write, by their path without the values of tags. */
export interface Table {
  readonly sources: readonly Source[]
  readonly nodes: Readonly<Record<string, GrammarNode>>
}

/** The operational commands of a release that natplan may tell people to enter; `<>` stands for any one word. */
export interface OperationsTable {
  readonly sources: readonly Source[]
  readonly commands: readonly string[]
}
