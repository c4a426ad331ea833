export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'cyan'

/** What an output stream can show. */
export interface Terminal {
  /** Columns; `Infinity` for a pipe or a file, whose reader decides. */
  readonly width: number
  readonly isTerminal: boolean
  paint(style: Style, text: string): string
}
