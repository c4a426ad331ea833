import { type Address, Prefix, specialPurposeRanges, type WrittenSite } from '@natplan/core'
import type { Imported, NamedHost, Reason } from './imported.ts'
import { LeftOutCounts } from './said.ts'

/**
 * The import with the hosts that sources name, each at its site: the one that is said, else the only one whose networks have the address. What
 * no site has is counted.
 */
export function withHosts({ hosts = [], ...imported }: Imported): Imported {
  if (hosts.length === 0) return imported
  const placing = new Placing(imported)
  for (const host of hosts) placing.add(host)
  return placing.result
}

class Placing {
  readonly #imported: Imported
  readonly #networks: ReadonlyMap<string, readonly Prefix[]>
  /** By site and name. */
  readonly #placed = new Map<string, Map<string, Address[]>>()
  readonly #reasons: Reason[] = []
  readonly #leftOut = new LeftOutCounts()

  constructor(imported: Imported) {
    this.#imported = imported
    this.#networks = new Map(Object.entries(imported.network.sites).map(([name, site]) => [name, networksOf(site)]))
  }

  add(host: NamedHost): void {
    const { name, address, said } = host
    const { site, why } = this.#siteOf(host)
    if (site === undefined) {
      this.#leftOut.add(why, said)
      return
    }
    const names = this.#placed.get(site) ?? new Map<string, Address[]>()
    this.#placed.set(site, names)
    const known = names.get(name)
    if (known?.some((one) => one.equals(address))) return
    if (!known)
      this.#reasons.push({ path: ['sites', site, 'hosts', name], text: said.why, file: said.file, line: said.line })
    names.set(name, [...(known ?? []), address])
  }

  get result(): Imported {
    const { network, reasons, leftOut } = this.#imported
    const sites: Record<string, WrittenSite> = { ...network.sites }
    for (const [site, names] of this.#placed)
      sites[site] = { subnets: [], ...sites[site], hosts: { ...writtenHosts(names), ...sites[site]?.hosts } }
    return {
      ...this.#imported,
      network: { ...network, sites },
      reasons: [...reasons, ...this.#reasons],
      leftOut: [...leftOut, ...this.#leftOut.all],
    }
  }

  #siteOf({ site, address }: NamedHost): { readonly site: string | undefined; readonly why: string } {
    if (specialPurposeRanges.some(({ prefix }) => prefix.contains(address)))
      return { site: undefined, why: 'names of loopback and special-purpose addresses, which no site owns' }
    const having = (name: string) => this.#networks.get(name)?.some((prefix) => prefix.contains(address)) ?? false
    if (site !== undefined) {
      const isThere = (this.#networks.get(site) ?? []).length === 0 || having(site)
      return { site: isThere ? site : undefined, why: `names of hosts that are in no network of ${site}` }
    }
    const [first, second] = [...this.#networks.keys()].filter(having)
    if (first === undefined)
      return {
        site: undefined,
        why: 'names of hosts that are in no network of a site that is imported: SITE=FILE says whose they are',
      }
    return second === undefined
      ? { site: first, why: '' }
      : {
          site: undefined,
          why: 'names of hosts with an address that several sites have: SITE=FILE says whose they are',
        }
  }
}

function networksOf({ subnets, reserved = [] }: WrittenSite): Prefix[] {
  const texts = [...subnets.map((subnet) => (typeof subnet === 'string' ? subnet : subnet.prefix)), ...reserved]
  return texts.flatMap((text) => Prefix.tryParse(text) ?? [])
}

function writtenHosts(names: ReadonlyMap<string, readonly Address[]>): NonNullable<WrittenSite['hosts']> {
  return Object.fromEntries(
    [...names].map(([name, [first, ...more]]) => [
      name,
      more.length === 0 ? String(first) : [first, ...more].map(String),
    ]),
  )
}
