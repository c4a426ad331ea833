import { type Finding, findingOf, inConfig, NatplanError } from '@natplan/core'
import {
  type IpRoute,
  type NotUnderstood,
  readIpAddresses,
  type ShownAddress,
  templateLimits,
  tryParseIpRoute,
  tryParseNextHop,
} from '@natplan/templates'
import type { Document, NamedText } from '../text/documents.ts'
import { linesOf, strangeLines } from './read-config.ts'

/** A route of a node; without `via` to neighbours, without both `via` and `interface` into nothing. */
type DumpedRoute = Pick<IpRoute, 'prefix' | 'via' | 'interface' | 'source' | 'metric'>

/** Reverse-path filtering (RFC 3704) as the kernel numbers it: none, strict, loose. */
type ReversePath = 0 | 1 | 2

export interface DumpedNode {
  /** As a heading in the dump calls it. */
  readonly name: string
  /** Of the main table, in the order of the dump. */
  readonly routes: readonly DumpedRoute[]
  readonly addresses: readonly ShownAddress[]
  /** What holds on each interface that the dump names, with `all` and `default` as they are written. */
  readonly rpFilter: ReadonlyMap<string, ReversePath>
}

export interface NodeDump {
  /** In the order of the dump. */
  readonly nodes: readonly DumpedNode[]
  /** The lines of the very routes, counted from 1. */
  readonly lines: ReadonlyMap<object, number>
  readonly findings: readonly Finding[]
}

/** The name of the only node of a dump without headings. */
export const onlyNode = 'node'

/**
 * Reads the output of `ip route show` on one or more nodes, with `ip address`, `ip rule` and `sysctl` where they are
 * there too.
 * @throws NatplanError USAGE for a text without routes
 */
export function readNodeRoutes({ name, text }: NamedText): NodeDump & { readonly document: Document } {
  const dump = parseNodeRoutes(text)
  if (!dump.nodes.some(({ routes }) => routes.length > 0)) {
    throw new NatplanError('USAGE', `${name} holds no routes`, {
      hint: 'save the output of "ip route show" on each node, below a line such as "== NAME =="',
    })
  }
  return { ...dump, document: linesOf(name) }
}

/** Reads the text of such a file. Lines of another kind are a finding; so is what the main table does not decide. */
export function parseNodeRoutes(text: string): NodeDump {
  const reader = new DumpReader()
  for (const [index, line] of text.split('\n').entries()) reader.take(line.trimEnd(), index + 1)
  return reader.finish()
}

interface OpenNode {
  readonly name: string
  readonly routes: DumpedRoute[]
  readonly addressLines: string[]
  readonly rpFilter: Map<string, ReversePath>
}

const namePattern = '([A-Za-z0-9][A-Za-z0-9._-]*)'

/** `== NAME ==`, `==> NAME <==`, `--- NAME ---`, `# NAME`; `node/NAME`, `NAME:`; the prompt of a shell in front of a command. */
const headings = [
  new RegExp(`^(?:={2,}>?|-{2,}|#+)\\s*(?:node/)?${namePattern}:?\\s*(?:<?={2,}|-{2,}|#*)$`),
  new RegExp(`^(?:node/)?${namePattern}:$`),
  new RegExp(`^node/${namePattern}$`),
  new RegExp(`^\\[?[A-Za-z0-9._-]+@${namePattern}[: ][^#$]*[#$](?:\\s|$)`),
]

const longestLine = templateLimits.routeLineLetters.most

/** Comments and commands without a name of a node. */
const nothing = /^\s*$|^[#$]/

const reversePathLine = /^(?:net\.ipv4\.conf\.|\/proc\/sys\/net\/ipv4\/conf\/)(\S+)[./]rp_filter(?:\s*=\s*|:)([012])$/
const otherSetting = /^(?:net\.|\/proc\/sys\/)\S+(?:\s*=|:)/
/** Lines of `ip address`, of which only those with an address tell something. */
const addressLine = /^\d+: \S+\s+inet6? |^\d+: \S+: <|^\s+(?:inet6?|link\/|valid_lft|altname|alias)\b/
const ruleLine = /^\d+:\s+(?:not\s+)?from /
/** The rules that every kernel begins with (ip-rule(8)). */
const ownRules =
  /^(0:\s+from all lookup (local|255)|32766:\s+from all lookup (main|254)|32767:\s+from all lookup (default|253))$/

class DumpReader {
  readonly #nodes = new Map<string, OpenNode>()
  readonly #lines = new Map<object, number>()
  readonly #strange: NotUnderstood[] = []
  readonly #rules: NotUnderstood[] = []
  readonly #tables = new Map<string, number>()
  #name = onlyNode
  /** The route whose next hops follow. */
  #several: IpRoute | undefined

  take(line: string, number: number): void {
    if (line.length > longestLine) {
      this.#strange.push({ line: number, text: line.slice(0, longestLine) })
      return
    }
    const hop = this.#several && tryParseNextHop(line)
    if (this.#several && hop) {
      this.#add({ ...this.#several, ...hop }, number)
      return
    }
    this.#several = undefined
    const heading = headings.map((pattern) => pattern.exec(line)?.[1]).find((name) => name !== undefined)
    if (heading !== undefined) this.#name = heading
    else if (!nothing.test(line)) this.#takeOutput(line, number)
  }

  finish(): NodeDump {
    const nodes = [...this.#nodes.values()].map(({ addressLines, rpFilter, ...node }) => ({
      ...node,
      addresses: readIpAddresses(addressLines.join('\n')),
      rpFilter: effective(rpFilter),
    }))
    const hint = 'the file holds the output of "ip route show" of nodes, below a line such as "== NAME =="'
    const strange = strangeLines('NODE_ROUTES_NOT_UNDERSTOOD', this.#strange, { hint })
    return { nodes, lines: this.#lines, findings: [...strange, ...this.#leftOut()] }
  }

  #takeOutput(line: string, number: number): void {
    const [, target, filter] = reversePathLine.exec(line) ?? []
    if (target !== undefined) {
      this.#node().rpFilter.set(target.replaceAll('/', '.'), Number(filter) as ReversePath)
    } else if (ruleLine.test(line)) {
      if (!ownRules.test(line)) this.#rules.push({ line: number, text: line })
    } else if (addressLine.test(line)) {
      this.#node().addressLines.push(line)
    } else if (!otherSetting.test(line)) {
      this.#takeRoute(line, number)
    }
  }

  #takeRoute(line: string, number: number): void {
    const route = tryParseIpRoute(line)
    if (!route) {
      this.#strange.push({ line: number, text: line.trim() })
    } else if (route.table !== undefined) {
      this.#tables.set(route.table, this.#tables.get(route.table) ?? number)
    } else if (route.kind === 'several') {
      this.#several = route
    } else if (route.kind !== 'other') {
      this.#add(route, number)
    }
  }

  #add({ kind: _, table, ...route }: IpRoute, number: number): void {
    if (table !== undefined) return
    this.#node().routes.push(route)
    this.#lines.set(route, number)
  }

  /** The node of the last heading; one without any output is none. */
  #node(): OpenNode {
    const known = this.#nodes.get(this.#name)
    if (known) return known
    const made = { name: this.#name, routes: [], addressLines: [], rpFilter: new Map() }
    this.#nodes.set(this.#name, made)
    return made
  }

  #leftOut(): Finding[] {
    const rules = this.#rules.map(({ line, text }) => ({ place: inConfig(line), message: text }))
    const tables = [...this.#tables].map(([name, line]) => ({ place: inConfig(line), message: `the table ${name}` }))
    const [first] = [...rules, ...tables]
    if (!first) return []
    const message = 'only the main table counts: other tables and the rules that lead to them are left out'
    return [findingOf('NODE_ROUTES_OTHER_TABLES', first.place, { message, related: [...rules, ...tables] })]
  }
}

/** The kernel takes the larger of the interface's own number and that of `all` (ip-sysctl). */
function effective(written: ReadonlyMap<string, ReversePath>): ReadonlyMap<string, ReversePath> {
  const all = written.get('all') ?? 0
  return new Map(
    [...written].map(([name, own]) => [name, Math.max(own, name === 'default' ? own : all) as ReversePath]),
  )
}
