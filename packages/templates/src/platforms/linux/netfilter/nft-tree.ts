import type { Unread } from '@natplan/core'
import { type Numbered, unread } from '../numbered.ts'
import { bracedAt, isSymbol, isWord, type Token, tokenize } from './nft-tokens.ts'

export interface NftTable {
  readonly family: string
  readonly name: string
  readonly line: number
  /** Its chains are not in force. */
  isDormant: boolean
  readonly chains: Map<string, NftChain>
  readonly sets: Map<string, NftSet>
}

export interface NftChain {
  readonly name: string
  readonly line: number
  /** Rules that were inserted in front of the others, the last one first. */
  readonly front: Token[][]
  readonly statements: Token[][]
}

/** A set or a map with a name. */
export interface NftSet {
  readonly elements: Token[]
  /** Rules or timeouts change its members while it is in force. */
  isDynamic: boolean
}

export interface Ruleset {
  readonly tables: ReadonlyMap<string, NftTable>
  readonly variables: ReadonlyMap<string, readonly Token[]>
  readonly unread: readonly Unread[]
}

/** Reads what `nft list` prints and `nft -f` takes: tables in braces, and commands one by one. */
export function readRuleset(lines: readonly Numbered[]): Ruleset {
  return new Reader(lines).read()
}

const families = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev']
const verbs = ['add', 'create', 'insert', 'delete', 'destroy', 'flush', 'replace', 'reset', 'rename', 'list']
/** Objects of a table in braces that no packet is changed or dropped by. */
const harmlessBlocks = ['flowtable', 'counter', 'quota', 'limit', 'secmark', 'synproxy', 'ct', 'meter']

class Reader {
  readonly #tokens: readonly Token[]
  readonly #texts: ReadonlyMap<number, string>
  readonly #tables = new Map<string, NftTable>()
  readonly #variables = new Map<string, readonly Token[]>()
  readonly #unread: Unread[] = []
  #at = 0

  constructor(lines: readonly Numbered[]) {
    this.#tokens = tokenize(lines)
    this.#texts = new Map(lines.map(({ line, text }) => [line, text]))
  }

  read(): Ruleset {
    while (this.#at < this.#tokens.length) {
      const head = this.#head()
      const isBlock = isSymbol(this.#tokens[this.#at], '{')
      if (head.length > 0 || isBlock) this.#command(head)
      else this.#at++
    }
    return { tables: this.#tables, variables: this.#variables, unread: this.#unread }
  }

  /** The words up to a brace or the end of the line. */
  #head(): Token[] {
    const start = this.#at
    while (this.#at < this.#tokens.length) {
      const token = this.#tokens[this.#at]
      if (token?.kind === 'end' || isSymbol(token, '{') || isSymbol(token, '}')) break
      this.#at++
    }
    return this.#tokens.slice(start, this.#at)
  }

  #command(head: readonly Token[]): void {
    const verb = verbs.includes(head[0]?.text ?? '') ? head[0]?.text : undefined
    const [object, ...rest] = verb === undefined ? head : head.slice(1)
    if (verb === undefined && object?.text === 'define') this.#define(rest)
    else if (verb === undefined && object?.text === 'table') this.#table(rest)
    else if (verb === 'list') this.#skip()
    else if (verb === 'add' || verb === 'create' || verb === 'insert') this.#add(object, rest, verb)
    else if (verb === 'flush' || verb === 'delete' || verb === 'destroy') this.#remove(object, rest, verb)
    else this.#refuse(head)
  }

  #refuse(head: readonly Token[]): void {
    const line = head[0]?.line ?? this.#tokens[this.#at]?.line
    this.#skip()
    if (line !== undefined) this.#unread.push(unread({ line, text: this.#texts.get(line) ?? '' }, 'anything'))
  }

  /** To the end of the statement, braces included. */
  #skip(): Token[] {
    const start = this.#at
    let depth = 0
    for (; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at]
      if (isSymbol(token, '{')) depth++
      if (isSymbol(token, '}') && --depth < 0) break
      if (token?.kind === 'end' && depth === 0) break
    }
    return this.#tokens.slice(start, this.#at).filter(({ kind }) => kind !== 'end')
  }

  #define(rest: readonly Token[]): void {
    const [name, equals, ...value] = [...rest, ...this.#skip()]
    if (name && isSymbol(equals, '=')) this.#variables.set(name.text, value)
    else this.#refuse(rest)
  }

  /** The table that words name, made when it is not there. */
  #tableOf(words: readonly Token[]): { readonly table: NftTable; readonly rest: readonly Token[] } | undefined {
    const hasFamily = families.includes(words[0]?.text ?? '')
    const [name, ...rest] = hasFamily ? words.slice(1) : words
    if (!name) return undefined
    const family = hasFamily ? (words[0]?.text ?? '') : 'ip'
    const key = `${family} ${name.text}`
    const table = this.#tables.get(key) ?? {
      family,
      name: name.text,
      line: name.line,
      isDormant: false,
      chains: new Map(),
      sets: new Map(),
    }
    this.#tables.set(key, table)
    return { table, rest }
  }

  #table(words: readonly Token[]): void {
    const found = this.#tableOf(words)
    if (!found) this.#refuse(words)
    else if (isSymbol(this.#tokens[this.#at], '{')) this.#tableBody(found.table)
  }

  #tableBody(table: NftTable): void {
    this.#at++
    while (this.#at < this.#tokens.length && !isSymbol(this.#tokens[this.#at], '}')) {
      const head = this.#head()
      if (head.length > 0 || isSymbol(this.#tokens[this.#at], '{')) this.#entry(head, table)
      else if (!isSymbol(this.#tokens[this.#at], '}')) this.#at++
    }
    this.#close(table)
  }

  /** Behind the closing brace; a text that ends before it is not whole. */
  #close({ name, line }: { readonly name: string; readonly line: number }): void {
    if (this.#at >= this.#tokens.length) this.#unread.push(unread({ line, text: `${name} {` }, 'anything'))
    this.#at++
  }

  #entry(head: readonly Token[], table: NftTable): void {
    const [kind, name] = head
    if (isWord(kind, 'flags')) table.isDormant ||= head.some(({ text }) => text === 'dormant')
    else if (isWord(kind, 'comment', ...harmlessBlocks)) this.#skip()
    else if (isWord(kind, 'chain') && name) this.#chain(table, name)
    else if (isWord(kind, 'set', 'map') && name) this.#set(table, name)
    else this.#refuse(head)
  }

  #chainOf(table: NftTable, { text: name, line }: Token): NftChain {
    const chain = table.chains.get(name) ?? { name, line, front: [], statements: [] }
    table.chains.set(name, chain)
    return chain
  }

  /** A chain that comes again goes on, as nft takes it. */
  #chain(table: NftTable, name: Token): void {
    const chain = this.#chainOf(table, name)
    for (const statement of this.#body(chain)) chain.statements.push(statement)
  }

  #set(table: NftTable, name: Token): void {
    const set = table.sets.get(name.text) ?? { elements: [], isDynamic: false }
    table.sets.set(name.text, set)
    for (const statement of this.#body({ name: name.text, line: name.line })) {
      const [key, ...rest] = statement
      if (isWord(key, 'elements')) for (const token of elementsIn(rest)) set.elements.push(token)
      set.isDynamic ||=
        isWord(key, 'timeout', 'limit', 'quota', 'ct') ||
        (isWord(key, 'flags') && rest.some((one) => isWord(one, 'dynamic', 'timeout')))
    }
  }

  /** The statements between braces; nothing when there are none. */
  #body(owner: { readonly name: string; readonly line: number }): Token[][] {
    if (!isSymbol(this.#tokens[this.#at], '{')) return []
    this.#at++
    const statements: Token[][] = []
    let [current, depth]: [Token[], number] = [[], 0]
    for (; this.#at < this.#tokens.length; this.#at++) {
      const token = this.#tokens[this.#at] as Token
      if (isSymbol(token, '{')) depth++
      if (isSymbol(token, '}') && --depth < 0) break
      if (token.kind !== 'end') current.push(token)
      else if (depth === 0) {
        if (current.length > 0) statements.push(current)
        current = []
      }
    }
    this.#close(owner)
    return current.length > 0 ? [...statements, current] : statements
  }

  #add(object: Token | undefined, words: readonly Token[], verb: string): void {
    if (isWord(object, 'table')) this.#table(words)
    else if (isWord(object, ...harmlessBlocks)) this.#skip()
    else this.#addTo(object, words, verb)
  }

  #addTo(object: Token | undefined, words: readonly Token[], verb: string): void {
    const found = this.#tableOf(words)
    const [name, ...rest] = found?.rest ?? []
    if (!found || !name) this.#refuse(words)
    else if (isWord(object, 'chain')) this.#chain(found.table, name)
    else if (isWord(object, 'set', 'map')) this.#set(found.table, name)
    else if (isWord(object, 'rule')) this.#rule(this.#chainOf(found.table, name), [...rest, ...this.#skip()], verb)
    else if (isWord(object, 'element')) this.#element(found.table, name)
    else this.#refuse(words)
  }

  #rule(chain: NftChain, words: readonly Token[], verb: string): void {
    const isPlaced = isWord(words[0], 'index', 'position', 'handle')
    const statement = [...(isPlaced ? words.slice(2) : words)]
    if (isPlaced) this.#refuse(words)
    else if (verb === 'insert') chain.front.push(statement)
    else chain.statements.push(statement)
  }

  #element(table: NftTable, name: Token): void {
    const set = table.sets.get(name.text) ?? { elements: [], isDynamic: true }
    table.sets.set(name.text, set)
    for (const token of elementsIn(this.#skip())) set.elements.push(token)
  }

  #remove(object: Token | undefined, words: readonly Token[], verb: string): void {
    const hasFamily = families.includes(words[0]?.text ?? '')
    const family = hasFamily ? words[0]?.text : 'ip'
    const name = words[hasFamily ? 1 : 0]?.text
    const table = this.#tables.get(`${family} ${name}`)
    this.#skip()
    if (isWord(object, 'ruleset')) this.#tables.clear()
    else if (isWord(object, 'table') && verb !== 'flush') this.#tables.delete(`${family} ${name}`)
    else if (isWord(object, 'table')) for (const chain of table?.chains.values() ?? []) emptied(chain)
    else this.#refuse(words)
  }
}

/** What stands between the braces, with a comma behind it. */
function elementsIn(tokens: readonly Token[]): Token[] {
  const open = tokens.findIndex((token) => isSymbol(token, '{'))
  if (open < 0) return []
  return [...bracedAt(tokens, open).inner, { kind: 'symbol', text: ',', line: 0 }]
}

function emptied({ front, statements }: NftChain): void {
  front.length = 0
  statements.length = 0
}
