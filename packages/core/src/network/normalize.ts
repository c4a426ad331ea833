import { Prefix } from '../address/prefix.ts'
import { bounded, collect, type Finding, hasErrors } from '../finding.ts'
import { parseSiteName, type SiteName } from './names.ts'
import type { Kubernetes, Network, Reserved, Site, Subnet } from './network.ts'
import { gatewayOf } from './normalize-gateway.ts'
import { kubernetesOf } from './normalize-kubernetes.ts'
import { type Gathered, prefixAt, prefixes } from './normalize-prefixes.ts'
import { tunnelsOf } from './normalize-tunnel.ts'
import type { Reading } from './read-written.ts'
import { rules } from './rules.ts'
import type { WrittenNetwork, WrittenSite } from './written.ts'

/** RFC 1918 space that is least used by clouds first, then RFC 6598. */
const defaultPools = ['192.168.0.0/16', '172.16.0.0/12', '100.64.0.0/10'] as const

/** Parses every prefix and name, fills in the defaults and applies the rules; there is a Network only without errors. */
export function normalize(written: WrittenNetwork): Reading<Network> {
  const findings: Finding[] = []
  const network: Network = {
    pools: prefixes(written.pools ?? defaultPools, { path: ['pools'], findings }),
    avoid: prefixes(written.avoid ?? [], { path: ['avoid'], findings }),
    sites: sitesOf(written, findings),
    tunnels: tunnelsOf(written, findings),
  }
  for (const rule of rules) findings.push(...rule(network))
  if (!hasErrors(findings)) return { value: network, findings: bounded(findings) }
  // What is worth knowing about a whole network misleads about one with parts left out.
  return { value: undefined, findings: bounded(findings.filter(({ severity }) => severity !== 'note')) }
}

function sitesOf(written: WrittenNetwork, findings: Finding[]): Map<SiteName, Site> {
  const sites: Site[] = []
  for (const [key, value] of Object.entries(written.sites)) {
    const path = ['sites', key]
    const name = collect({ source: 'plan', path, isKey: true }, findings, () => parseSiteName(key))
    if (name) sites.push(siteOf(name, value, { path, findings }))
  }
  sites.sort((a, b) => (a.name < b.name ? -1 : 1))
  return new Map(sites.map((site) => [site.name, site]))
}

function siteOf(name: SiteName, written: WrittenSite, { path, findings }: Gathered): Site {
  const kubernetes = written.kubernetes && kubernetesOf(written.kubernetes, { path: [...path, 'kubernetes'], findings })
  const listed = written.subnets.flatMap((subnet, index) =>
    subnetOf(name, subnet, { path: [...path, 'subnets', index], findings }),
  )
  return {
    name,
    subnets: [...listed, ...routedPods(name, kubernetes)].sort((a, b) => Prefix.compare(a.prefix, b.prefix)),
    reserved: [...reservedOf(written, { path, findings }), ...clusterRanges(kubernetes)],
    kubernetes,
    gateway: written.gateway && gatewayOf(written.gateway, { path: [...path, 'gateway'], findings }),
  }
}

function subnetOf(site: SiteName, written: WrittenSite['subnets'][number], { path, findings }: Gathered): Subnet[] {
  const given = typeof written === 'string' ? { prefix: written } : written
  const prefix = prefixAt(given.prefix, { path: typeof written === 'string' ? path : [...path, 'prefix'], findings })
  const pin = given.translateTo
  const translateTo = pin === undefined ? undefined : prefixAt(pin, { path: [...path, 'translateTo'], findings })
  if (!prefix) return []
  const translate = pin !== undefined && given.translate !== 'never' ? 'always' : (given.translate ?? 'auto')
  return [{ site, prefix, name: given.name, translate, translateTo, path }]
}

function reservedOf(written: WrittenSite, { path, findings }: Gathered): Reserved[] {
  return (written.reserved ?? []).flatMap((text, index) => {
    const place = [...path, 'reserved', index]
    const prefix = prefixAt(text, { path: place, findings })
    return prefix ? [{ kind: 'reserved' as const, prefix, path: place }] : []
  })
}

/** Pods that keep their addresses towards the peers take part in tunnels like any other subnet. */
function routedPods(site: SiteName, kubernetes: Kubernetes | undefined): Subnet[] {
  if (kubernetes?.podEgress !== 'routed') return []
  return kubernetes.podSubnets.map((prefix, index) => ({
    site,
    prefix,
    name: 'pods',
    translate: 'auto',
    translateTo: undefined,
    path: [...kubernetes.path, 'podSubnets', index],
  }))
}

function clusterRanges(kubernetes: Kubernetes | undefined): Reserved[] {
  if (!kubernetes) return []
  const pods = kubernetes.podEgress === 'routed' ? [] : kubernetes.podSubnets
  const reserved = (kind: 'pods' | 'services', key: string) => (prefix: Prefix, index: number) => ({
    kind,
    prefix,
    path: [...kubernetes.path, key, index],
  })
  return [
    ...pods.map(reserved('pods', 'podSubnets')),
    ...kubernetes.serviceSubnets.map(reserved('services', 'serviceSubnets')),
  ]
}
