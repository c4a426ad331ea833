import type { NotUnderstood } from '../../platform.ts'
import type { ConfigNode } from '../config-tree.ts'
import { interfaceNodes } from '../read-interfaces.ts'
import { droppingLines, type SetLines } from './dropping-lines.ts'
import { entriesInForce } from './in-force.ts'

/** The lines of a 5600's filters that could drop a packet: its sets, `firewall in WAN_IN` below an interface, and its zones. */
export function dataplaneLines(root: ConfigNode): NotUnderstood[] {
  const firewall = root.at('security', 'firewall')
  const stateful = firewall === undefined ? 'none' : firewall.at('global-state-policy') ? 'by protocol' : 'told'
  const sets: SetLines = { find: (name) => firewall?.at('name', name), unset: 'drop', stateful }
  return [...boundLines(root, sets), ...zoneLines(root, sets)]
}

/** What no local set takes comes in, where the platform keeps state. */
function boundLines(root: ConfigNode, sets: SetLines): NotUnderstood[] {
  const places = interfaceNodes(root).flatMap(({ node }) => node.at('firewall') ?? [])
  return places.flatMap((place) =>
    (['in', 'out', 'local'] as const).flatMap((way) => {
      const unset = way === 'local' && sets.stateful !== 'none' ? 'accept' : 'drop'
      return linesOfNamed(place.at(way), { ...sets, unset })
    }),
  )
}

/** A set that is bound and not there may drop everything. */
function linesOfNamed(bound: ConfigNode | undefined, sets: SetLines): NotUnderstood[] {
  return [...(bound?.entries() ?? [])].flatMap(([name, below]) => {
    const set = sets.find(name)
    return set ? droppingLines(set, sets) : below.lines()
  })
}

/** What comes into a zone from outside it, and that no set is for, is dropped, whether the zone says so or not. */
function zoneLines(root: ConfigNode, sets: SetLines): NotUnderstood[] {
  const zones = entriesInForce(root.at('security', 'zone-policy', 'zone'))
  return zones.filter(isUsed).flatMap((zone) => [...defaultLines(zone), ...pairLines(zone, sets)])
}

/** A zone without interfaces is nowhere; the local zone is the gateway itself. */
function isUsed(zone: ConfigNode): boolean {
  return zone.at('interface') !== undefined || zone.at('local-zone') !== undefined
}

function defaultLines(zone: ConfigNode): NotUnderstood[] {
  if (zone.peek('default-action') === 'accept') return []
  const written = zone.at('default-action')?.lines() ?? []
  return written.length > 0 ? written : zone.lines().slice(0, 1)
}

/** `to LAN firewall X`. */
function pairLines(zone: ConfigNode, sets: SetLines): NotUnderstood[] {
  return zone.children('to').flatMap(([, pair]) => linesOfNamed(pair.at('firewall'), sets))
}
