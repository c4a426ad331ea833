import { Address, type Finding, findingOf, type Path, type Place, quoted, type WrittenSite } from '@natplan/core'
import type { Columns } from '../import/lists/column-roles.ts'
import { type EndRole, endOf, endRoles, writtenAddress } from '../import/lists/row-gateway.ts'
import { siteKeyOf, siteNameOf } from '../import/lists/site-names.ts'
import { named } from '../import/lists/site-rows.ts'
import type { ColumnRole } from '../prefixes/column-looks.ts'
import type { CsvRow } from '../prefixes/csv-rows.ts'
import { type LoosePrefix, partsOf, readLoosely, readRange } from '../prefixes/loose-prefix.ts'
import { unusedState } from '../prefixes/unused-state.ts'
import { count } from '../text/count.ts'
import type { CellPlaces } from './cell-places.ts'

/** Something that a cell says, and where the cell begins in the text. */
interface Cell {
  readonly text: string
  readonly start: number
}

interface Site {
  readonly name: string
  readonly called: Cell
  readonly subnets: Map<string, WrittenSite['subnets'][number]>
  readonly reserved: Set<string>
  readonly ends: Map<EndRole, Cell>
  readonly peers: Cell[]
}

/**
 * Gathers the rows of a table into sites and tunnels as a plan file writes them. The name of a site depends on nothing but its cell, so that no row
 * changes that of another.
 */
export class TableSites {
  readonly #findings: Finding[] = []
  readonly #places: CellPlaces
  /** By their names in small letters. */
  readonly #sites = new Map<string, Site>()
  /** By what the table calls them. */
  readonly #names = new Map<string, string>()
  /** Spellings of sites that were told of. */
  readonly #refused = new Set<string>()
  /** Rows of what is not in use. */
  readonly #unused: CsvRow[] = []

  constructor(places: CellPlaces) {
    this.#places = places
  }

  add(row: CsvRow, columns: Columns): void {
    const cellsOf = (role: ColumnRole) => cellsIn(row, columns.get(role))
    const textOf = (role: ColumnRole) => cellsOf(role)[0]?.text ?? ''
    if (unusedState.test(textOf('status'))) {
      this.#unused.push(row)
      return
    }
    const [called] = cellsOf('site')
    if (!called) {
      this.#refuseNowhere(row)
      return
    }
    const site = this.#siteOf(called)
    const path = ['sites', site.name]
    for (const cell of cellsOf('subnets')) {
      for (const prefix of prefixesOf(cell.text, textOf('mask'))) {
        if (site.subnets.has(prefix)) continue
        this.#places.mark([...path, 'subnets', site.subnets.size], cell.start)
        site.subnets.set(prefix, named(prefix, textOf('name')))
      }
    }
    for (const cell of cellsOf('reserved')) {
      for (const prefix of prefixesOf(cell.text, '')) {
        if (site.reserved.has(prefix)) continue
        this.#places.mark([...path, 'reserved', site.reserved.size], cell.start)
        site.reserved.add(prefix)
      }
    }
    for (const role of endRoles) for (const cell of cellsOf(role)) this.#addEnd(site, role, cell)
    site.peers.push(...cellsOf('peer'))
  }

  /** What there is to say, when every row has been added. */
  get findings(): readonly Finding[] {
    return [...this.#findings, ...this.#leftOut(), ...this.#bareSites()]
  }

  /** What was read, when every row has been added. */
  get data(): { readonly sites: Readonly<Record<string, unknown>>; readonly tunnels?: readonly unknown[] } {
    const tunnels = this.#tunnels()
    const sites = [...this.#sites.values()].map((site) => [site.name, writtenSite(site)])
    return { sites: Object.fromEntries(sites), ...(tunnels.length > 0 ? { tunnels } : {}) }
  }

  #leftOut(): Finding[] {
    const [first] = this.#unused
    if (!first) return []
    const lines = this.#unused.slice(0, mostLines).map(({ line }) => line)
    const more = this.#unused.length - lines.length
    return [
      findingOf('TABLE_ROWS_LEFT_OUT', this.#placeAt([], first.starts[0] ?? 0), {
        message: `${count(this.#unused.length, 'row')} left out, of networks that are no longer in use or contain others: line ${lines.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
        hint: 'what is in them may be handed out; write under avoid what is still in use somewhere',
      }),
    ]
  }

  #bareSites(): Finding[] {
    const bare = [...this.#sites.values()].filter(({ subnets, reserved }) => subnets.size + reserved.size === 0)
    return bare.map(({ name, called }) => {
      return findingOf('TABLE_SITE_EMPTY', this.#placeAt(['sites', name], called.start), {
        message: `the site ${name} has no network in the table`,
        hint: 'fill in its networks, or remove the row where it is none of a site',
        about: { site: name },
      })
    })
  }

  #siteOf(called: Cell): Site {
    const name = siteNameOf(called.text)
    const known = this.#sites.get(name.toLowerCase())
    if (known) {
      const key = siteKeyOf(called.text)
      if (known.name !== name || siteKeyOf(known.called.text) !== key) this.#refuseSpelling(called, known)
      return known
    }
    const site = { name, called, subnets: new Map(), reserved: new Set<string>(), ends: new Map(), peers: [] }
    this.#sites.set(name.toLowerCase(), site)
    this.#names.set(siteKeyOf(called.text), name)
    this.#places.mark(['sites', name], called.start)
    return site
  }

  #refuseSpelling({ text, start }: Cell, { name, called }: Site): void {
    if (this.#refused.has(text)) return
    this.#refused.add(text)
    this.#names.set(siteKeyOf(text), name)
    this.#findings.push(
      findingOf('SITE_DUPLICATE', this.#placeAt(['sites', name], start), {
        message: `${quoted(text)} and ${quoted(called.text)} would be one site, ${name}`,
        hint: 'write one site in one way in all its rows, and give another one a name that differs',
        related: [{ place: this.#placeAt(['sites', name], called.start), message: 'it is here already' }],
        about: { site: name },
      }),
    )
  }

  #refuseNowhere({ cells, starts, line }: CsvRow): void {
    const start = starts[cells.findIndex((cell) => cell !== '')] ?? 0
    this.#findings.push(
      findingOf('KEY_MISSING', this.#placeAt(['sites', `line ${line}`], start), {
        message: 'the row says no site',
        hint: 'fill in the site, or remove the row',
      }),
    )
  }

  #addEnd(site: Site, role: EndRole, { text, start }: Cell): void {
    const path = ['sites', site.name, 'gateway', ...endPaths[role]]
    const value = endOf(role, text) ?? text
    const known = site.ends.get(role)
    this.#places.mark(path, start)
    if (!known) site.ends.set(role, { text: value, start })
    else if (known.text !== value) {
      this.#findings.push(
        findingOf('VALUE_WRONG', this.#placeAt(path, start), {
          message: `${quoted(value)}, and another row of the site has ${quoted(known.text)}`,
          hint: 'a site has one: keep the right one',
          related: [{ place: this.#placeAt(path, known.start), message: `it has ${quoted(known.text)} here` }],
          about: { site: site.name },
        }),
      )
    }
  }

  /** From each site to its peers; of two that name each other one. */
  #tunnels(): unknown[] {
    const tunnels = new Map<string, unknown>()
    for (const { name, peers } of this.#sites.values()) {
      for (const { text, start } of peers) {
        for (const peer of this.#peersIn(text)) {
          const key = [name, peer].sort().join(' ')
          if (peer === name || tunnels.has(key)) continue
          this.#places.mark(['tunnels', tunnels.size], start)
          tunnels.set(key, { sites: [name, peer] })
        }
      }
    }
    return [...tunnels.values()]
  }

  /** The sites that a cell names, of this table or of another file of the plan. */
  #peersIn(text: string): string[] {
    const whole = this.#names.get(siteKeyOf(text))
    if (whole !== undefined) return [whole]
    const parts = text.split(/[,;|\n]/).filter((part) => part.trim() !== '')
    return parts.map((part) => this.#names.get(siteKeyOf(part)) ?? siteNameOf(part.trim()))
  }

  #placeAt(path: Path, start: number): Place {
    return { source: 'plan', path, ...this.#places.positionAt(start) }
  }
}

/** So many lines are named. */
const mostLines = 5

function cellsIn({ cells, starts }: CsvRow, columns: readonly number[] = []): Cell[] {
  return columns.flatMap((column) => {
    const text = cells[column] ?? ''
    return text === '' ? [] : [{ text, start: starts[column] ?? 0 }]
  })
}

/** The prefixes of a cell in the form of a plan, host bits kept; of what is none the text. */
function prefixesOf(text: string, mask: string): string[] {
  const cell = mask !== '' && Address.tryParse(text) ? `${text}/${mask.replace(/^\//, '')}` : text
  const whole = readLoosely(cell)
  if (whole) return [prefixText(cell, whole)]
  return partsOf(cell).flatMap((part) => {
    return readRange(part)?.map(({ prefix }) => String(prefix)) ?? prefixText(part, readLoosely(part))
  })
}

function prefixText(text: string, read: LoosePrefix | undefined): string {
  if (!read) return text
  return read.hadHostBits ? text.replace(/[/\s].*/, `/${read.prefix.length}`) : String(read.prefix)
}

const endPaths: Readonly<Record<EndRole, readonly [string] | readonly [string, string]>> = {
  platform: ['platform'],
  outside: ['outside', 'address'],
  interface: ['outside', 'interface'],
  inside: ['inside', 'interface'],
  identity: ['identity'],
}

function writtenSite({ subnets, reserved, ends }: Site) {
  return {
    subnets: [...subnets.values()],
    ...(reserved.size > 0 ? { reserved: [...reserved] } : {}),
    ...(ends.size > 0 ? { gateway: gatewayOf(ends) } : {}),
  }
}

function gatewayOf(ends: Site['ends']): Readonly<Record<string, unknown>> {
  const gateway: Record<string, unknown> = {}
  for (const [role, { text }] of ends) {
    const [key, below] = endPaths[role]
    const value = role === 'outside' ? writtenAddress(text) : text
    gateway[key] = below === undefined ? value : Object.assign(gateway[key] ?? {}, { [below]: value })
  }
  return gateway
}
