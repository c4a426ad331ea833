import {
  Address,
  type AddressMeaning,
  explainAddress,
  fullNames,
  hostFace,
  type Namesake,
  type Plan,
  type Site,
  type SiteName,
  siteLabel,
} from '@natplan/core'
import { tryFindHosts } from '../plan/find-hosts.ts'
import { type BookEntry, entriesOf, isCalled } from './address-book.ts'
import { whyText } from './face-text.ts'

/** An entry of a hosts file, a zone or the like. */
export interface NameEntry {
  readonly name: string
  readonly address: Address
  /** Counted from 1. */
  readonly line: number
  /** A PTR record: it leads from the address to the name. */
  readonly reverse?: true
}

export type Judgement =
  | { readonly kind: 'good' }
  /** The plan knows neither name nor address. */
  | { readonly kind: 'not-known' }
  | {
      readonly kind: 'unreachable' | 'another'
      /** What the address is, after "which": `is the real address of db at onpremise`. */
      readonly why: string
      /** What it should be; none where nobody can call the host. */
      readonly should: readonly Address[]
    }

/** What an entry is for hosts of a site that read it. */
export function judgeEntry(plan: Plan, at: SiteName, entry: NameEntry): Judgement {
  const bearers = bearersOf(plan, entry)
  if (bearers.length > 0) return judgeHosts(plan, at, { bearers, address: entry.address })
  const owner = ownerOf(plan, entry.name)
  if (owner && owner.name !== at && isAt(owner, entry.address))
    return judgeAt(plan, at, { site: owner, address: entry.address })
  return judgeAddress(plan, at, entry.address)
}

/** The hosts that are meant: by a whole name, or by a short one with an address that the host has. */
function bearersOf({ network }: Plan, { name, address }: NameEntry): readonly Namesake[] {
  const found = tryFindHosts(network, name)
  const whole = found.filter(({ site, host }) => {
    const its = network.sites.get(site)
    return its !== undefined && fullNames(its, host).includes(name)
  })
  return whole.length > 0 ? whole : found.filter(({ host }) => host.addresses.some((one) => one.equals(address)))
}

function judgeHosts(
  plan: Plan,
  at: SiteName,
  { bearers, address }: { readonly bearers: readonly Namesake[]; readonly address: Address },
): Judgement {
  const entries = bearers.flatMap((bearer) => (bearer.site === at ? [] : entriesOf(plan, at, bearer)))
  const home = bearers.flatMap(({ site, host }) => (site === at ? host.addresses : []))
  const called = [...home, ...entries.filter(isCalled).map(({ face }) => face.address)]
  if (called.some((one) => one.equals(address))) return { kind: 'good' }
  const real = entries.find((entry) => entry.real.equals(address))
  if (real) return judgeReal(real)
  const alike = called.filter(({ family }) => family === address.family)
  const [first] = bearers
  const why = `is not ${first?.host.name} of ${first?.site}`
  return { kind: 'another', why, should: alike.length > 0 ? alike : called }
}

/** The outside of a gateway is called by its real address, without a tunnel. */
function judgeReal(entry: BookEntry): Judgement {
  const { face, host, peer } = entry
  const what = `is the real address of ${host.name} at ${peer}`
  if (face.kind !== 'unreachable') return { kind: 'unreachable', why: what, should: [face.address] }
  if (face.why.kind === 'outside') return { kind: 'good' }
  if (face.why.kind === 'nowhere') return { kind: 'not-known' }
  return { kind: 'unreachable', why: `${what}; it cannot be called: ${whyText(entry)}`, should: [] }
}

/** The site whose domain or name a name ends with. */
function ownerOf({ network }: Plan, name: string): Site | undefined {
  const sites = [...network.sites.values()]
  const byDomain = sites.filter(({ domain }) => domain !== undefined && name.endsWith(`.${domain}`))
  const [owner] = byDomain.length > 0 ? byDomain : sites.filter((site) => name.endsWith(`.${siteLabel(site.name)}`))
  return owner
}

function isAt({ subnets }: Site, address: Address): boolean {
  return subnets.some(({ prefix }) => prefix.contains(address))
}

/** A host that the plan does not name, at a site that it does. */
function judgeAt(
  plan: Plan,
  at: SiteName,
  { site, address }: { readonly site: Site; readonly address: Address },
): Judgement {
  const face = hostFace(plan, { site: site.name, address }, at)
  if (face.kind !== 'unreachable' && face.address.equals(address)) return { kind: 'good' }
  const real = `is a real address of ${site.name}`
  if (face.kind !== 'unreachable') return { kind: 'unreachable', why: real, should: [face.address] }
  const why = whyText({ at, peer: site.name, real: address, face })
  return { kind: 'unreachable', why: `${real}; it cannot be called: ${why}`, should: [] }
}

function judgeAddress(plan: Plan, at: SiteName, address: Address): Judgement {
  const meanings = explainAddress(plan, address).find(({ site }) => site === at)?.meanings ?? []
  const known = meanings.filter(({ kind }) => kind !== 'unknown' && kind !== 'own-translated')
  if (known.length > 0) return known.every(isHiding) ? hiding(known) : { kind: 'good' }
  const own = meanings.find(({ kind }) => kind === 'own-translated')
  if (own?.kind === 'own-translated') {
    const should = own.real instanceof Address ? [own.real] : []
    return { kind: 'unreachable', why: `is what only the peers call an address of ${at}`, should }
  }
  return judgeFar(plan, at, address)
}

/** Reports whether nobody answers at what hosts of a peer hide behind. */
function isHiding(meaning: AddressMeaning): boolean {
  if (meaning.kind !== 'peer') return false
  const { isTranslated, subnet } = meaning
  return isTranslated && subnet.hideBehind !== undefined && subnet.forwards.length === 0
}

function hiding(meanings: readonly AddressMeaning[]): Judgement {
  const peers = meanings.flatMap((meaning) => (meaning.kind === 'peer' ? meaning.peer : []))
  const why = `is what hosts of ${[...new Set(peers)].join(' and ')} hide behind, and no port leads on`
  return { kind: 'unreachable', why, should: [] }
}

/** An address that means nothing at the site: a real one of others, or what they call each other. */
function judgeFar(plan: Plan, at: SiteName, address: Address): Judgement {
  const others = [...plan.network.sites.values()].filter((site) => site.name !== at && isAt(site, address))
  const judged = others.map((site) => judgeAt(plan, at, { site, address }))
  const [first] = judged
  if (!first) return judgeTranslated(plan, at, address)
  if (first.kind !== 'unreachable' || others.length === 1) return first
  const should = judged.flatMap((one) => (one.kind === 'unreachable' ? one.should : []))
  return { ...first, why: `is a real address of ${others.map(({ name }) => name).join(' and ')}`, should }
}

/** An address that some sites call a host by, and this one does not. */
function judgeTranslated({ mappings }: Plan, at: SiteName, address: Address): Judgement {
  const mapping = mappings.find(({ translated }) => translated.contains(address))
  if (!mapping) return { kind: 'not-known' }
  return {
    kind: 'unreachable',
    why: `is what other sites call ${mapping.site}; ${at} does not`,
    should: [],
  }
}
