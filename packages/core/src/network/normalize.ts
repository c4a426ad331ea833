import { Prefix } from '../address/prefix.ts'
import { bounded, collect, type Finding, hasErrors, inPlan, type Path } from '../finding.ts'
import { parseDomain, parseHostName, parseSiteName, type SiteName } from './names.ts'
import type { Forward, Host, Network, Reserved, Subnet } from './network.ts'
import { gatewayOf } from './normalize-gateway.ts'
import { type Cluster, clusterOf } from './normalize-kubernetes.ts'
import { movesOf } from './normalize-moves.ts'
import { addressAt, below, type Gathered, prefixAt, prefixes, prefixOrAddressAt, readAt } from './normalize-prefixes.ts'
import { tunnelsOf } from './normalize-tunnel.ts'
import {
  type PartialNetwork,
  type PartialSite,
  type PartialSubnet,
  type Placed,
  wholeNetwork,
} from './partial-network.ts'
import { type Partly, Unread } from './partly.ts'
import type { Reading } from './read-written.ts'
import { rules } from './rules.ts'
import type { WrittenNetwork, WrittenSite } from './written.ts'

/** RFC 1918 space that is least used by clouds first, then RFC 6598. */
const defaultPools = ['192.168.0.0/16', '172.16.0.0/12', '100.64.0.0/10'] as const

/** Parses every prefix and name, fills in the defaults and applies the rules; there is a Network only without errors. */
export function normalize(written: WrittenNetwork): Reading<Network> {
  const { value, findings } = normalizePartly(written, { findings: [], unread: new Unread() })
  return { value, findings }
}

/** A network, when nothing is wrong with it, and what is right of it in any case. */
export interface PartialReading extends Reading<Network> {
  readonly partial: PartialNetwork
}

/** What is known of a plan file already. */
interface Known {
  readonly findings: readonly Finding[]
  readonly unread: Unread
  /** The findings as they are told. */
  readonly told?: (findings: readonly Finding[]) => readonly Finding[]
}

/** The same for what is left of a plan file whose shape is not right everywhere. */
export function normalizePartly(written: Partly<WrittenNetwork>, known: Known): PartialReading {
  const { unread } = known
  const findings = [...known.findings]
  const top: Gathered = { path: [], findings, unread, prefixes: new Map() }
  const partial: PartialNetwork = {
    pools: prefixes(written.pools ?? defaultPools, below(top, 'pools')),
    avoid: prefixes(written.avoid ?? [], below(top, 'avoid')),
    own: prefixes(written.own ?? [], below(top, 'own')),
    sites: sitesOf(written.sites ?? {}, below(top, 'sites')),
    ...tunnelsOf(written, below(top, 'tunnels')),
    moves: movesOf(written, below(top, 'moved')),
    unread,
  }
  for (const finding of rules.flatMap((rule) => rule(partial))) {
    findings.push(finding)
    if (finding.severity === 'error') unread.add(finding.place.path)
  }
  const { told = (all) => all } = known
  if (!hasErrors(findings)) return { value: wholeNetwork(partial), findings: bounded(told(findings)), partial }
  // What is worth knowing about a whole network misleads about one with parts left out.
  return { value: undefined, findings: bounded(told(findings.filter(({ severity }) => severity !== 'note'))), partial }
}

function sitesOf(written: Partly<WrittenNetwork['sites']>, place: Gathered): Map<SiteName, PartialSite> {
  const sites: PartialSite[] = []
  for (const [key, value] of Object.entries(written)) {
    const at = below(place, key)
    const name = readKeyAt(key, at, parseSiteName)
    if (name && value) sites.push(siteOf(name, value, at))
  }
  sites.sort((a, b) => (a.name < b.name ? -1 : 1))
  return new Map(sites.map((site) => [site.name, site]))
}

function readKeyAt<T>(key: string, { path, findings, unread }: Gathered, parse: (text: string) => T): T | undefined {
  const name = collect({ ...inPlan(path), isKey: true }, findings, () => parse(key))
  if (!name) unread.add(path)
  return name
}

function siteOf(name: SiteName, written: Partly<WrittenSite>, place: Gathered): PartialSite {
  const cluster = written.kubernetes && clusterOf(written.kubernetes, below(place, 'kubernetes'))
  const listed = (written.subnets ?? []).flatMap((subnet, index) =>
    subnet === undefined ? [] : [subnetOf(name, subnet, below(place, 'subnets', index))],
  )
  const reserved = prefixes(written.reserved ?? [], below(place, 'reserved'))
  const { domain } = written
  return {
    name,
    subnets: [...listed, ...routedPods(name, cluster)].sort(bySubnet),
    reserved: [...reserved.map((one) => ({ ...one, kind: 'reserved' as const })), ...clusterRanges(cluster)],
    hosts: hostsOf(written.hosts ?? {}, below(place, 'hosts')),
    domain: domain === undefined ? undefined : readAt(below(place, 'domain'), () => parseDomain(domain)),
    kubernetes: cluster?.kubernetes,
    gateway: written.gateway && gatewayOf(written.gateway, below(place, 'gateway')),
  }
}

/** By name; addresses that are wrong are left out. */
function hostsOf(written: Partly<NonNullable<WrittenSite['hosts']>>, place: Gathered): Host[] {
  const hosts = Object.entries(written).flatMap(([key, value]) => {
    const at = below(place, key)
    const name = readKeyAt(key, at, parseHostName)
    if (!name || value === undefined) return []
    const addresses =
      typeof value === 'string' ? [addressAt(value, at)] : value.map((text, index) => addressAt(text, below(at, index)))
    return [{ name, addresses: addresses.filter((address) => address !== undefined), path: at.path }]
  })
  return hosts.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** By address; those that could not be read come last. */
function bySubnet({ prefix: one }: PartialSubnet, { prefix: other }: PartialSubnet): number {
  return one && other ? Prefix.compare(one, other) : Number(!one) - Number(!other)
}

type WrittenSubnet = Partly<WrittenSite['subnets'][number]>

function subnetOf(site: SiteName, written: WrittenSubnet, place: Gathered): PartialSubnet {
  if (typeof written === 'string') return plainSubnet(site, { prefix: prefixAt(written, place), path: place.path })
  const prefix = prefixAt(written.prefix, below(place, 'prefix'))
  const translateTo = prefixAt(written.translateTo, below(place, 'translateTo'))
  const hideBehind = prefixOrAddressAt(written.hideBehind, below(place, 'hideBehind'))
  const isFixed = written.translateTo !== undefined || written.hideBehind !== undefined
  return {
    site,
    prefix,
    name: written.name,
    translateTo,
    hideBehind,
    path: place.path,
    translate: isFixed && written.translate !== 'never' ? 'always' : (written.translate ?? 'auto'),
    forwards: forwardsOf(written.forwards ?? [], below(place, 'forwards')),
    free: prefixes(written.free ?? [], below(place, 'free')),
  }
}

/** One of which nothing more is said. */
function plainSubnet<P extends Prefix | undefined>(
  site: SiteName,
  { prefix, path, name }: { readonly prefix: P; readonly path: Path; readonly name?: string },
): PartialSubnet & { readonly prefix: P } {
  return {
    site,
    prefix,
    name,
    translateTo: undefined,
    hideBehind: undefined,
    path,
    translate: 'auto',
    forwards: none,
    free: none,
  }
}

const none: readonly never[] = []

type WrittenForwards = NonNullable<Exclude<WrittenSite['subnets'][number], string>['forwards']>

function forwardsOf(written: Partly<WrittenForwards>, place: Gathered): Forward[] {
  return written.flatMap((one, index) => {
    const at = below(place, index)
    const to = addressAt(one?.to, below(at, 'to'))
    if (!one || one.port === undefined || !to) return []
    const { port, toPort = port, protocol = 'tcp' } = one
    return [{ protocol, port, to, toPort, path: at.path }]
  })
}

/** Pods that keep their addresses towards the peers take part in tunnels like any other subnet. */
function routedPods(site: SiteName, cluster: Cluster | undefined): Subnet[] {
  if (cluster?.kubernetes.podEgress !== 'routed') return []
  return cluster.pods.map(({ prefix, path }) => plainSubnet(site, { prefix, path, name: 'pods' }))
}

function clusterRanges(cluster: Cluster | undefined): Reserved[] {
  if (!cluster) return []
  const pods = cluster.kubernetes.podEgress === 'routed' ? [] : cluster.pods
  const reserved = (kind: 'pods' | 'services') => (one: Placed) => ({ ...one, kind })
  return [...pods.map(reserved('pods')), ...cluster.services.map(reserved('services'))]
}
