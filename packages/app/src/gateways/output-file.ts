/** A file to write, by its path in the folder with `/` between names. */
export interface OutputFile {
  readonly path: string
  readonly text: string
}

/** The texts that natplan wrote into a folder and nobody changed since, by path. */
export type Texts = ReadonlyMap<string, string>
