import type { NotUnderstood } from '../platform.ts'
import type { ConfigNode } from './config-tree.ts'
import { droppingLines, type FilterSets, inForce } from './filter-sets.ts'

/**
 * The lines of zones that could drop a packet: what comes into a zone from outside it, and that no set is for, is dropped, whether the zone
 * says so or not.
 */
export function zonesThatDrop(root: ConfigNode, sets: FilterSets): NotUnderstood[] {
  const zones = [
    ...zonesIn(root.at('zone-policy', 'zone')),
    ...zonesIn(root.at('firewall', 'zone')),
    ...zonesIn(root.at('security', 'zone-policy', 'zone')),
  ]
  return zones.filter(isUsed).flatMap((zone) => [...ownLines(zone), ...setLines(zone, sets)])
}

function zonesIn(node: ConfigNode | undefined): ConfigNode[] {
  return [...(node?.entries() ?? [])].map(([, zone]) => zone).filter(inForce)
}

/** A zone without interfaces is nowhere; the local zone is the gateway itself. */
function isUsed(zone: ConfigNode): boolean {
  return ['interface', 'member', 'local-zone'].some((leaf) => zone.at(leaf) !== undefined)
}

function ownLines(zone: ConfigNode): NotUnderstood[] {
  const word = zone.peek('default-action')
  if (word === 'accept') return []
  const written = zone.at('default-action')?.lines() ?? []
  return written.length > 0 ? written : zone.lines().slice(0, 1)
}

/** `from LAN firewall name X`, and on the 5600 `to LAN firewall X`. */
function setLines(zone: ConfigNode, sets: FilterSets): NotUnderstood[] {
  const bindings = ['from', 'to'].flatMap((word) => [...(zone.at(word)?.entries() ?? [])].map(([, node]) => node))
  const filters = bindings.flatMap((node) => node.at('firewall') ?? [])
  const intra = zone.at('intra-zone-filtering', 'firewall')
  return [...filters, ...(intra ? [intra] : [])].flatMap((node) =>
    [...node.entries()].flatMap(([kind, below]) => {
      if (kind === 'ipv6-name') return []
      const names = kind === 'name' ? [...below.entries()].map(([name]) => name) : [kind]
      return names.flatMap((name) => {
        const set = sets.find(name)
        return set ? droppingLines(set, { sets, unset: 'drop' }) : below.lines()
      })
    }),
  )
}
