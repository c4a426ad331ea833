/** A line of a block, without blanks around it. */
export interface Line {
  readonly kind: 'line'
  /** Counted from 1. */
  readonly line: number
  readonly text: string
}

/** `header { … }`, as swanctl.conf and nft write it: the brace ends the line, and the closing one stands alone. */
export interface Block {
  readonly kind: 'block'
  readonly line: number
  readonly header: string
  /** The line of its closing brace; infinite where that is missing. */
  readonly end: number
  readonly entries: readonly (Line | Block)[]
  /** The text ended before the block did. */
  readonly isOpen: boolean
}

/** What `nft -a` adds to each line. */
const handle = /\s*# handle \d+$/

/**
 * The blocks of a text whose header is wanted, wherever they stand: around them may be anything, such as the shell that writes
 * them or a ruleset of others. Empty lines and comments are left out.
 */
export function readBlocks(text: string, isWanted: (header: string) => boolean): Block[] {
  const found: Block[] = []
  const open: Opened[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = { kind: 'line', line: index + 1, text: raw.trim().replace(handle, '') } as const
    const inner = open.at(-1)
    if (inner === undefined) {
      const header = headerOf(line.text)
      if (header !== undefined && isWanted(header)) open.push(opened(line.line, header))
    } else if (line.text === '}') {
      open.pop()
      inner.isOpen = false
      inner.end = line.line
      place(inner, { found, open })
    } else {
      take(line, { inner, open })
    }
  }
  for (let left = open.pop(); left; left = open.pop()) place(left, { found, open })
  return found
}

interface Opened {
  readonly kind: 'block'
  readonly line: number
  readonly header: string
  end: number
  readonly entries: (Line | Block)[]
  isOpen: boolean
}

function opened(line: number, header: string): Opened {
  return { kind: 'block', line, header, end: Number.POSITIVE_INFINITY, entries: [], isOpen: true }
}

function headerOf(text: string): string | undefined {
  return text.endsWith('{') ? text.slice(0, -1).trim() : undefined
}

function place(block: Opened, { found, open }: { readonly found: Block[]; readonly open: readonly Opened[] }): void {
  const outer = open.at(-1)
  if (outer) outer.entries.push(block)
  else found.push(block)
}

function take(line: Line, { inner, open }: { readonly inner: Opened; readonly open: Opened[] }): void {
  if (line.text === '' || line.text.startsWith('#')) return
  const header = headerOf(line.text)
  if (header === undefined) inner.entries.push(line)
  else open.push(opened(line.line, header))
}

/** Lines and blocks of a block, apart. */
export function partsOf({ entries }: Block): { readonly lines: readonly Line[]; readonly blocks: readonly Block[] } {
  return {
    lines: entries.filter((entry) => entry.kind === 'line'),
    blocks: entries.filter((entry) => entry.kind === 'block'),
  }
}
