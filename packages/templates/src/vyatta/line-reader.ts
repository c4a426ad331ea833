import type { NotUnderstood } from '../platform.ts'
import type { LineCursor, TextLine } from '../text-lines.ts'
import { type ConfigNode, maxDepth } from './config-tree.ts'
import { isTree } from './member-trees.ts'
import { isHead, isNoise, printsState } from './noise.ts'
import { pasted } from './pasted.ts'
import { PathWalker } from './path-walker.ts'
import { scriptFunctions, scriptLines } from './script.ts'
import { type Word, wordsFrom } from './split-words.ts'
import { above } from './trees.ts'

interface Block {
  /** `undefined` for a block that is too deep, and for a function of natplan's scripts. */
  readonly node: ConfigNode | undefined
  readonly depth: number
  readonly opened: NotUnderstood
}

/** Commands that change nothing of the configuration as it stands in a text. */
const idle = new Set(
  'commit commit-confirm confirm save configure end_configure run show compare validate comment begin end'.split(' '),
)

/**
 * A line as devices print it: words that a shell takes as they are, the last one perhaps in quotes, and no secret that could go on in the next lines.
 * Longer texts in quotes are left to others, since the expression remembers each character of them.
 */
const printed = /set(?: [\w@:./+-]+){0,30} (?:[\w@:./+-]*[\w/.]|'(?:[ !#-&(-,.-[\]-~]|-(?!-)){0,1000}')(?=\r?\n)/y

/** Reads lines of sessions and of brace forms, in any order, into one tree. */
export class LineReader {
  readonly #root: ConfigNode
  readonly #walker: PathWalker
  readonly #isComparison: boolean
  readonly #stray: NotUnderstood[] = []
  readonly #blocks: Block[] = []
  /** Where `edit` went. */
  #level: readonly string[] = []
  /** Where the comment that is open began. */
  #comment: NotUnderstood | undefined
  /** The state of the device is being printed. */
  #isState = false
  #isCut = false
  #hasCommands = false

  constructor(root: ConfigNode, { isComparison }: { readonly isComparison: boolean }) {
    this.#root = root
    this.#walker = new PathWalker(root)
    this.#isComparison = isComparison
  }

  take({ written: at, text: whole }: TextLine): void {
    if (this.#isOutside && (scriptLines.has(whole) || this.#takeCommands(whole, at))) return
    const text = this.#withoutComments(whole, at).trim()
    if (text === '' || text.startsWith('#') || text.startsWith('//')) return
    const words = [...wordsFrom(text, 0)]
    if (this.#blocks.length > 0 || words.some(isBrace)) this.#takeBraces(words, at)
    else this.#takeOther(text, at)
  }

  /** Takes lines as they are printed, as long as there are such: a text may have hundreds of thousands, and they are nearly all. */
  takePrinted(text: string, cursor: LineCursor): void {
    if (!this.#isOutside || this.#level.length > 0) return
    for (;;) {
      const { at: start, line } = cursor
      printed.lastIndex = start
      if (!printed.test(text)) return
      const end = printed.lastIndex
      const shared = this.#walker.sharedWith(text, start)
      if (shared === 0 && !isTree(firstWord(text, start, end))) return
      const node = this.#walker.follow(text, { start, end, shared, line })
      if (!this.#walker.isAtContainer) node.endHere({ line, text: text.slice(start, end) })
      this.#isState = false
      this.#hasCommands = true
      cursor.at = text.startsWith('\r', end) ? end + 2 : end + 1
      cursor.line++
    }
  }

  finish(): { readonly stray: readonly NotUnderstood[]; readonly isCut: boolean } {
    for (const open of [this.#blocks[0]?.opened, this.#comment]) if (open) this.#stray.push(open)
    return { stray: this.#stray, isCut: !this.#hasCommands && (this.#isCut || this.#blocks.length > 0) }
  }

  get #isOutside(): boolean {
    return this.#comment === undefined && this.#blocks.length === 0
  }

  /** Reports whether the line was one of a session. */
  #takeCommands(text: string, at: NotUnderstood): boolean {
    const line = pasted(text, { isComparison: this.#isComparison })
    if (line.kind === 'other' || (line.kind === 'commands' && text.endsWith('{') && !isOfSession(line.commands)))
      return false
    this.#isState = false
    if (line.kind === 'level') this.#level = line.path
    else for (const words of line.commands) this.#run(words, line.prompt, at)
    return true
  }

  #run(words: readonly string[], prompt: string | undefined, at: NotUnderstood): void {
    const [command = ''] = words
    const path = words.slice(1)
    if (command === 'set' || command === 'delete') this.#change(command, this.#from(path), at)
    else if (command === 'edit' && this.#level.length + path.length <= maxDepth) this.#level = [...this.#level, ...path]
    else if (command === 'up') this.#level = above(this.#level)
    else if (command === 'top' || (command === 'exit' && path[0] !== 'discard') || command === 'quit') this.#level = []
    else if (idle.has(command)) this.#isState = printsState(words, prompt)
    else this.#stray.push(at)
    if (command === 'top' && path.length > 0) this.#run(path, prompt, at)
  }

  /** The whole of a path that is named where `edit` went. */
  #from(path: readonly string[]): readonly string[] {
    return this.#level.length === 0 ? path : [...this.#level, ...path]
  }

  #change(command: 'set' | 'delete', path: readonly string[], at: NotUnderstood): void {
    this.#hasCommands = true
    const isWhole = path.length <= maxDepth && path.at(-1) !== '\\'
    if (!isWhole || !isTree(path[0] ?? '')) this.#stray.push(at)
    else if (command === 'delete') this.#walker.remove(path)
    else {
      const node = this.#walker.branch(path, at.line)
      if (!this.#walker.isAtContainer) node.endHere(at)
    }
  }

  /** The line without its comments; one that does not end goes on in the next lines. */
  #withoutComments(text: string, at: NotUnderstood): string {
    let kept = ''
    let from = 0
    while (from < text.length) {
      if (this.#comment) {
        const end = text.indexOf('*/', from)
        if (end < 0) return kept
        from = end + 2
        this.#comment = undefined
      }
      const start = commentStart(text, from)
      kept += `${text.slice(from, start)} `
      if (start < text.length) this.#comment = at
      from = start + 2
    }
    return kept
  }

  /** `show` in a session marks what a commit would add (`+`), change (`>`) and take away (`-`). */
  #takeBraces(words: readonly Word[], at: NotUnderstood): void {
    this.#isState = false
    let pending: string[] = []
    const [first] = words
    const isMarked = words.length > 1 && first?.quoted === false && (first.text === '+' || first.text === '>')
    for (const word of isMarked ? words.slice(1) : words) {
      if (!isBrace(word)) {
        pending.push(word.text)
        continue
      }
      if (word.text === '{') this.#open(pending, at)
      else this.#close(pending, at)
      pending = []
    }
    this.#plant(pending, at)
  }

  #open(path: readonly string[], opened: NotUnderstood): void {
    const from = this.#blocks.at(-1) ?? this.#outside(path)
    const depth = from.depth + path.length
    const isTooDeep = depth > maxDepth
    const isScript = scriptFunctions.has(opened.text)
    if ((isTooDeep && from.node) || (this.#blocks.length > 0 && isSeveral(path))) this.#stray.push(opened)
    const node = isTooDeep || isScript ? undefined : from.node?.branch(path, opened.line)
    this.#blocks.push({ node, depth, opened })
  }

  /** Outside of all blocks: the root, or where a session is that shows a part. */
  #outside([first = '']: readonly string[]): Pick<Block, 'node' | 'depth'> {
    if (this.#level.length === 0 || isTree(first)) return { node: this.#root, depth: 0 }
    return { node: this.#root.branch(this.#level, undefined), depth: this.#level.length }
  }

  #close(pending: readonly string[], at: NotUnderstood): void {
    this.#plant(pending, at)
    if (this.#blocks.pop()) return
    this.#isCut = true
    this.#stray.push(at)
  }

  #plant(path: readonly string[], at: NotUnderstood): void {
    if (path.length === 0) return
    const block = this.#blocks.at(-1)
    const isRoom = block?.node && block.depth + path.length <= maxDepth && !isSeveral(path)
    if (isRoom) block.node.branch(path, at.line).endHere(at)
    else if (!block || !scriptFunctions.has(block.opened.text)) this.#stray.push(at)
  }

  #takeOther(text: string, at: NotUnderstood): void {
    if (isHead(text)) this.#isState = true
    else if (!this.#isState && !isNoise(text)) this.#stray.push(at)
  }
}

/** A node and its value are two words, so that more are several nodes on one line: where one ends is not known. */
function isSeveral(path: readonly string[]): boolean {
  return path.length > 2
}

function isBrace({ text, quoted }: Word): boolean {
  return !quoted && (text === '{' || text === '}')
}

/** `load {` and the like are no commands. */
function isOfSession(commands: readonly (readonly string[])[]): boolean {
  return commands.some(([word]) => word === 'set' || word === 'delete')
}

/** Where a comment begins: in front of a word, outside of quotes. */
function commentStart(text: string, from: number): number {
  if (!text.includes('/*', from)) return text.length
  for (const { at } of wordsFrom(text, from)) if (text.startsWith('/*', at)) return at
  return text.length
}

function firstWord(text: string, start: number, end: number): string {
  const from = start + 'set '.length
  const blank = text.indexOf(' ', from)
  return text.slice(from, blank < 0 || blank > end ? end : blank)
}
