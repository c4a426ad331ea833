import { type Finding, findingOf, formatPath, inPlan, NatplanError, type Path, Prefix, quoted } from '@natplan/core'
import { type Document, isMap, isScalar, isSeq, type Node, Pair, parseDocument, type YAMLMap } from 'yaml'
import type { Imported, Reason } from './imported.ts'
import { comment, flowShort, Places } from './plan-text.ts'
import { isMapping, type Mapping, tunnelKey } from './tunnel-key.ts'

/** A plan file with what was imported, and what of both does not fit together. */
export interface IntoPlan {
  /** The text that it was, to the byte, where nothing was added. */
  readonly text: string
  readonly findings: readonly Finding[]
}

/** What stands in files that a plan includes. */
export interface Elsewhere {
  readonly sites: ReadonlySet<string>
  /** By their keys. */
  readonly tunnels: ReadonlySet<string>
}

interface Choice {
  readonly explains: boolean
  readonly elsewhere: Elsewhere
}

/**
 * Adds what was imported to a plan file: sites, subnets, tunnels and keys that it does not have. What stands there stays, with its comments and in
 * its order; where it says something else, or has what the source has not, that is told.
 * @throws NatplanError USAGE for a text that is no plan
 */
export function intoPlan(text: string, imported: Imported, choice: Choice): IntoPlan {
  const document = parseDocument(text, { uniqueKeys: false, merge: true })
  if (document.errors.length > 0 || !isMap(document.contents)) {
    throw new NatplanError('USAGE', 'the file to add to is not a plan file', { hint: 'natplan plan FILE says why' })
  }
  const adding = new Adding(document, document.contents, choice)
  adding.addNetwork(imported.network)
  if (!adding.hasAdded) return { text, findings: adding.findings }
  if (choice.explains) adding.explain(imported.reasons)
  return { text: textOf(document, text), findings: adding.findings }
}

function textOf(document: Document, before: string): string {
  if (/^\s*\{/.test(before)) return `${JSON.stringify(document.toJSON(), null, 2)}\n`
  return document.toString({ lineWidth: 0, flowCollectionPadding: /[[{] /.test(before) })
}

class Adding {
  readonly findings: Finding[] = []
  readonly #document: Document
  readonly #top: YAMLMap
  readonly #choice: Choice
  /** The plan with aliases and merges read, and with what was added. */
  readonly #values: Record<string, unknown>
  readonly #defaults: unknown
  /** Where something that was added stands, by its place in what was imported. */
  readonly #added = new Map<string, Path>()

  constructor(document: Document, top: YAMLMap, choice: Choice) {
    this.#document = document
    this.#top = top
    this.#choice = choice
    // How far aliases may multiply is looked at where plans are read.
    this.#values = document.toJS({ maxAliasCount: -1 }) as Record<string, unknown>
    this.#defaults = this.#values['defaults']
  }

  get hasAdded(): boolean {
    return this.#added.size > 0
  }

  addNetwork({ sites, tunnels = [], ...lists }: Imported['network']): void {
    for (const [name, site] of Object.entries(sites)) this.#addSite(name, site)
    for (const [index, tunnel] of tunnels.entries()) this.#addTunnel(tunnel, ['tunnels', index])
    for (const [key, value] of Object.entries(lists)) {
      if (Array.isArray(value)) this.#addToList(value, { to: [key], from: [key] })
    }
  }

  explain(reasons: readonly Reason[]): void {
    const places = new Places(this.#document)
    for (const reason of reasons) {
      for (let length = reason.path.length; length > 0; length--) {
        const to = this.#added.get(keyOf(reason.path.slice(0, length)))
        if (!to) continue
        comment(places, { ...reason, path: [...to, ...reason.path.slice(length)] })
        break
      }
    }
  }

  #addSite(name: string, site: object): void {
    const path = ['sites', name]
    if (this.#choice.elsewhere.sites.has(name)) {
      this.#differs(path, `the site ${quoted(name)} is in a file that the plan includes, to which nothing is added`)
      return
    }
    if (!this.#has(path)) {
      this.#put(path, site, path)
      return
    }
    const { subnets = [], reserved = [], ...parts } = site as { subnets?: unknown[]; reserved?: unknown[] }
    for (const [key, values] of Object.entries({ subnets, reserved })) {
      const at = [...path, key]
      if (values.length > 0) this.#addToList(values, { to: at, from: at })
      this.#tellVanished(at, values)
    }
    for (const [key, value] of Object.entries(parts))
      this.#addValue(value, { to: [...path, key], from: [...path, key] })
  }

  #addTunnel(tunnel: { readonly sites: readonly string[] | 'all' }, from: Path): void {
    if (this.#choice.elsewhere.tunnels.has(tunnelKey(tunnel))) return
    const list = this.#valueAt(['tunnels'])
    const known = Array.isArray(list) ? list.findIndex((one) => tunnelKey(one) === tunnelKey(tunnel)) : -1
    if (known < 0) {
      this.#append(['tunnels'], tunnel, from)
      return
    }
    for (const [key, value] of Object.entries(tunnel)) {
      if (key !== 'sites' && key !== 'uplinks')
        this.#addValue(value, { to: ['tunnels', known, key], from: [...from, key] })
    }
  }

  #addToList(values: readonly unknown[], { to, from }: { readonly to: Path; readonly from: Path }): void {
    const there = this.#valueAt(to)
    const known = new Set(Array.isArray(there) ? there.map(nameOf) : [])
    for (const [index, value] of values.entries()) {
      if (!known.has(nameOf(value))) this.#append(to, value, [...from, index])
    }
  }

  /** A mapping key by key; a value only where there is none, and none by the defaults. */
  #addValue(value: unknown, at: { readonly to: Path; readonly from: Path }): void {
    const { to, from } = at
    const there = this.#valueAt(to)
    const given = there ?? valueAt(this.#defaults, defaultOf(to))
    if (isMapping(value) && (isMapping(there) || (there === undefined && isMapping(given)))) {
      for (const [key, inner] of Object.entries(value))
        this.#addValue(inner, { to: [...to, key], from: [...from, key] })
      return
    }
    if (sameValue(value, given)) return
    if (there === undefined && !this.#isWritten(to)) this.#put(to, value, from)
    else this.#differs(to, `the plan says ${shown(there)}, and the source ${shown(value)}`)
  }

  #tellVanished(path: Path, values: readonly unknown[]): void {
    const there = this.#valueAt(path)
    if (!Array.isArray(there) || values.length === 0) return
    const known = new Set(values.map(nameOf))
    for (const [index, value] of there.entries()) {
      if (known.has(nameOf(value))) continue
      this.findings.push(
        findingOf('IMPORT_VANISHED', inPlan([...path, index]), {
          message: `${shown(nameOf(value))} is in the plan, and not in the source`,
          hint: 'remove it if it is gone; otherwise there is nothing to do',
        }),
      )
    }
  }

  #differs(path: Path, message: string): void {
    const hint = 'the plan was left as it is; change it by hand if the source is right'
    this.findings.push(findingOf('IMPORT_DIFFERS', inPlan(path), { message, hint }))
  }

  #append(path: Path, value: unknown, from: Path): void {
    if (this.#valueAt(path) === undefined && !this.#set(path, [])) return
    const list = this.#document.getIn(path, true)
    if (!isSeq(list)) {
      this.#differs(path, `${formatPath(path)} is written in a way that nothing can be added to`)
      return
    }
    list.add(this.#nodeOf(value))
    if (list.items.length === 1) flowShort(list)
    const values = this.#valueAt(path)
    if (Array.isArray(values)) values.push(value)
    this.#added.set(keyOf(from), [...path, list.items.length - 1])
  }

  #put(path: Path, value: unknown, from: Path): void {
    if (this.#set(path, value)) this.#added.set(keyOf(from), path)
  }

  /** Makes the mappings on the way; one that stands under an alias is somebody else's too. */
  #set(path: Path, value: unknown): boolean {
    const above = path.slice(0, -1)
    if (above.length > 0 && this.#document.getIn(above, true) === undefined && !this.#set(above, {})) return false
    const map = above.length === 0 ? this.#top : this.#document.getIn(above, true)
    if (!isMap(map)) {
      this.#differs(above, 'it is written in a way that nothing can be added to')
      return false
    }
    const key = this.#document.createNode(path.at(-1)) as Node
    if (path[0] === 'sites' && path.length === 2 && hasBlankLines(map)) key.spaceBefore = true
    map.add(new Pair(key, this.#nodeOf(value)))
    const values = valueAt(this.#values, above)
    if (isMapping(values)) (values as Record<string, unknown>)[String(path.at(-1))] = structuredClone(value)
    return true
  }

  #nodeOf(value: unknown): Node {
    const node = this.#document.createNode(value) as Node
    flowShort(node)
    return node
  }

  #has(path: Path): boolean {
    return this.#valueAt(path) !== undefined
  }

  /** A key without a value says that no default is taken. */
  #isWritten(path: Path): boolean {
    return this.#document.hasIn(path)
  }

  #valueAt(path: Path): unknown {
    return valueAt(this.#values, path) ?? undefined
  }
}

function hasBlankLines({ items }: YAMLMap): boolean {
  return items.some(({ key }) => isScalar(key) && key.spaceBefore === true)
}

/** The place in the defaults that says what is not written at this one. */
function defaultOf([top, , part, ...rest]: Path): Path {
  return top === 'tunnels' ? ['tunnel', part ?? '', ...rest] : [part ?? '', ...rest]
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? (at as Mapping)[step] : undefined),
    value,
  )
}

/** By which an entry of a list is the same one: a prefix, however it is spelt. */
function nameOf(value: unknown): string {
  const text = isMapping(value) && typeof value['prefix'] === 'string' ? value['prefix'] : value
  if (typeof text !== 'string') return JSON.stringify(value)
  return Prefix.tryParse(text)?.toString() ?? text
}

function sameValue(one: unknown, other: unknown): boolean {
  return other !== undefined && sorted(one) === sorted(other)
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isMapping(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  )
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : quoted(typeof value === 'string' ? value : JSON.stringify(value))
}

function keyOf(path: Path): string {
  return JSON.stringify(path)
}
