import type { Path, WrittenSite, WrittenTunnel } from '@natplan/core'
import { unusedState } from '../../prefixes/unused-state.ts'
import { count } from '../../text/count.ts'
import type { Imported, LeftOut, Reason } from '../imported.ts'
import { type Ends, endRoles, gatewayOf, readEnd } from './row-gateway.ts'
import { RowReading, type SiteTable, type TableRow, type Told } from './row-reading.ts'
import { inAscii, type SiteNames } from './site-names.ts'
import { UnreadCells } from './unread-cells.ts'

type Subnet = WrittenSite['subnets'][number]

/** What the rows of a site say together. */
interface Site {
  readonly name: string
  readonly called: Told<string>
  /** By their texts. */
  readonly subnets: Map<string, Told<Subnet>>
  readonly reserved: Map<string, Told<string>>
  readonly peers: Told<string>[]
  readonly ends: Ends
}

/** Gathers the rows of one file into sites, in the order in which they come. */
export class SiteRows {
  readonly #file: string
  readonly #names: SiteNames
  readonly #isReserved: boolean
  readonly #sites = new Map<string, Site>()
  readonly #avoided = new Map<string, Told<string>>()
  readonly #unread = new UnreadCells()
  readonly #leftOut = new Map<string, LeftOut>()
  readonly #taken = { masked: 0, host: 0 }

  constructor(file: string, { names, isReserved }: { readonly names: SiteNames; readonly isReserved: boolean }) {
    this.#file = file
    this.#names = names
    this.#isReserved = isReserved
  }

  add(row: TableRow, table: SiteTable): void {
    const reading = new RowReading(row, table, this.#unread)
    if (unusedState.test(reading.text('status'))) {
      this.leaveOut('networks that are no longer in use, or containers of others', row.line)
      return
    }
    const [called] = reading.texts('site')
    if (!called) {
      this.#addNowhere(reading)
      return
    }
    const site = this.#siteOf(called)
    for (const told of this.#networks(reading, 'subnets')) {
      if (this.#isReserved) put(site.reserved, told.value, told)
      else put(site.subnets, told.value, { ...told, value: named(told.value, reading.text('name')) })
    }
    for (const told of this.#networks(reading, 'reserved')) put(site.reserved, told.value, told)
    for (const role of endRoles) readEnd(site.ends, role, reading)
    site.peers.push(...reading.texts('peer'))
  }

  /** A row in which a quote opens and never closes: what stands behind it is all in one cell. */
  refuseOpen(line: number): void {
    const hint = 'close the quote, or double it inside a quoted cell'
    this.#unread.add({
      line,
      text: '',
      message: 'a quote opens in this row and is never closed; nothing from here on was read',
      hint,
    })
  }

  leaveOut(what: string, line: number): void {
    const before = this.#leftOut.get(what)
    this.#leftOut.set(what, { what, file: this.#file, line: before?.line ?? line, count: (before?.count ?? 0) + 1 })
  }

  /** What was read, when every row has been added. */
  get imported(): Imported & { readonly notes: readonly string[] } {
    const sites: Record<string, WrittenSite> = {}
    const reasons: Reason[] = []
    const tunnels = this.#tunnels()
    for (const site of this.#sites.values()) {
      const { written, because } = this.#written(site)
      sites[site.name] = written
      reasons.push(...because)
    }
    const avoid = [...this.#avoided.values()]
    reasons.push(...avoid.map((told, index) => reasonOf(['avoid', index], told)))
    reasons.push(...tunnels.map(({ told }, index) => reasonOf(['tunnels', index], told)))
    return {
      network: {
        ...(avoid.length > 0 ? { avoid: avoid.map(({ value }) => value) } : {}),
        sites,
        ...(tunnels.length > 0 ? { tunnels: tunnels.map(({ tunnel }) => tunnel) } : {}),
      },
      reasons,
      leftOut: [...this.#leftOut.values()],
      notes: this.#notes(),
      findings: this.#unread.findingsOf(this.#file),
    }
  }

  #siteOf(called: Told<string>): Site {
    const name = this.#names.nameOf(called.value)
    const known = this.#sites.get(name)
    if (known) return known
    const site = { name, called, subnets: new Map(), reserved: new Map(), peers: [], ends: new Map() }
    this.#sites.set(name, site)
    return site
  }

  /** Space of which nobody says where it is must not be handed out; it takes part in no tunnel. */
  #addNowhere(reading: RowReading): void {
    if (this.#isReserved) {
      for (const told of this.#networks(reading, 'subnets')) put(this.#avoided, told.value, told)
    } else {
      const hint = 'fill in the site; with --as reserved such networks are never handed out (avoid)'
      reading.refuse(reading.text('subnets'), 'the row says no site', hint)
    }
  }

  #networks(reading: RowReading, role: 'subnets' | 'reserved'): Told<string>[] {
    return reading.prefixes(role).flatMap(({ value: { prefix, was }, ...told }) => {
      if (prefix.length > 0) {
        if (was !== 'network') this.#taken[was]++
        return [{ ...told, value: String(prefix) }]
      }
      this.leaveOut('default routes', reading.line)
      return []
    })
  }

  #notes(): string[] {
    const { masked, host } = this.#taken
    return [
      ...(masked > 0 ? [`${this.#file}: host bits dropped from ${count(masked, 'prefix')}`] : []),
      ...(host > 0 ? [`${this.#file}: ${count(host, 'address')} without a length taken as one host each`] : []),
    ]
  }

  #written(site: Site): { readonly written: WrittenSite; readonly because: Reason[] } {
    const { name, called, ends } = site
    const path = ['sites', name]
    const subnets = [...site.subnets.values()]
    const reserved = [...site.reserved.values()]
    const { gateway, because, missing } = gatewayOf(ends, [...path, 'gateway'])
    if (missing) this.leaveOut(missing.what, missing.line)
    return {
      written: {
        subnets: subnets.map(({ value }) => value),
        ...(reserved.length > 0 ? { reserved: reserved.map(({ value }) => value) } : {}),
        ...(gateway ? { gateway } : {}),
      },
      because: [
        ...(called.value === name ? [] : [reasonOf(path, called)]),
        ...subnets.map((told, index) => reasonOf([...path, 'subnets', index], told)),
        ...reserved.map((told, index) => reasonOf([...path, 'reserved', index], told)),
        ...because,
      ],
    }
  }

  #tunnels(): { readonly tunnel: WrittenTunnel; readonly told: Told<string> }[] {
    const tunnels = new Map<string, { readonly tunnel: WrittenTunnel; readonly told: Told<string> }>()
    for (const { name, peers } of this.#sites.values()) {
      for (const told of peers) {
        for (const peer of this.#peersIn(told)) {
          const sites = [name, peer]
          if (peer !== name) put(tunnels, sites.toSorted().join(' '), { tunnel: { sites }, told })
        }
      }
    }
    return [...tunnels.values()]
  }

  /** The sites that a cell names: one, or several with commas and the like between them. */
  #peersIn({ value, line }: Told<string>): string[] {
    const whole = this.#names.known(value)
    if (whole !== undefined) return [whole]
    return value.split(/[,;|\n]/).flatMap((part) => {
      const peer = this.#names.known(part)
      if (peer === undefined && part.trim() !== '') {
        this.#unread.add({ line, text: part, message: 'no site of the table has that name, so it is not a peer' })
      }
      return peer ?? []
    })
  }
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value)
}

/** A subnet with what people call it, as far as a plan takes that. */
export function named(prefix: string, called: string): Subnet {
  const name = inAscii(called)
    .replace(/[^A-Za-z0-9 ._-]+/g, ' ')
    .replace(/^[^A-Za-z0-9]+/, '')
    .replace(/\s+/g, ' ')
    .slice(0, 63)
    .trim()
  return name === '' ? prefix : { prefix, name }
}

function reasonOf(path: Path, { file, line, because }: Told<unknown>): Reason {
  return { path, text: because, file, line }
}
