import { textOf } from '../address/named-address.ts'
import { type Finding, findingOf, inPlan } from '../finding.ts'
import { abilities, type CloudBounds } from './abilities.ts'
import type { Connection } from './connections.ts'
import type { GatewaySite } from './gateway-site.ts'

/** The tunnels that are one object of the cloud, in the order of the plan. */
export type CloudConnection = readonly [Connection, ...Connection[]]

/** Both tunnels of a connection of AWS lead to one address of the peer, as those of two instances of Azure do; others are objects of their own. */
export function cloudConnections(cloud: CloudBounds, connections: readonly Connection[]): CloudConnection[] {
  const groups = new Map<string, CloudConnection>()
  for (const connection of connections) {
    const { name, peer } = connection
    const key = cloud.uplinks === 'gateways' ? name : `${peer.name} ${calledAt(connection)}`
    const known = groups.get(key)
    groups.set(key, known ? [...known, connection] : [connection])
  }
  return [...groups.values()]
}

/** What a cloud cannot do with several addresses of its own, and what is left unused of them. */
export function cloudUplinkFindings(
  site: GatewaySite,
  cloud: CloudBounds,
  connections: readonly Connection[],
): Finding[] {
  const known = { site, cloud, connections, groups: cloudConnections(cloud, connections) }
  return checks[cloud.uplinks].flatMap((check) => check(known))
}

interface Known {
  readonly site: GatewaySite
  readonly cloud: CloudBounds
  readonly connections: readonly Connection[]
  readonly groups: readonly CloudConnection[]
}

const checks: Readonly<Record<CloudBounds['uplinks'], readonly ((known: Known) => Finding[])[]>> = {
  tunnels: [addressesAreOfOneTunnel, connectionsHaveTwoTunnels, pairsAreAlike, secondTunnelsAreUsed],
  instances: [instancesAreTwo, peersHaveOneAddress, instancesAreAlike, bothInstancesAreUsed],
  gateways: [],
}

/** `azure at cloud`. */
export function named({ name, gateway }: GatewaySite): string {
  return `${gateway.platform} at ${name}`
}

function calledAt({ peer }: Connection): string {
  return textOf(peer.gateway.outside.publicAddress)
}

function ownAddress({ site }: Connection): string {
  return textOf(site.gateway.outside.publicAddress)
}

/** The words of the plan for a further address. */
function uplinkHint({ name }: GatewaySite): string {
  return `write the address of another one as sites.${name}.gateway.uplinks: { second: { address: … } }, and uplinks: { ${name}: second }`
}

function addressesAreOfOneTunnel({ site, connections }: Known): Finding[] {
  return connections.flatMap((one, index) => {
    const before = connections.slice(0, index).find((other) => ownAddress(other) === ownAddress(one))
    if (!before) return []
    const message = `${named(site)} gives each tunnel an address of its own, and those to ${before.name} and ${one.name} would both be at ${ownAddress(one)}`
    const hint = `${uplinkHint(site)} on this tunnel`
    return [findingOf('CLOUD_LIMIT', inPlan([...one.path, 'uplinks']), { message, hint })]
  })
}

function connectionsHaveTwoTunnels({ site, groups }: Known): Finding[] {
  return groups.flatMap(([, , third]) => {
    if (!third) return []
    const message = `${named(site)} has two tunnels to an address, and this would be the third to ${calledAt(third)} of ${third.peer.name}`
    const hint = `remove this one, or name an uplink of ${third.peer.name} for it`
    return [findingOf('CLOUD_LIMIT', inPlan(third.path), { message, hint })]
  })
}

/** The prefixes of a connection are those of both its tunnels. */
function pairsAreAlike({ site, groups }: Known): Finding[] {
  return groups.flatMap(([first, second]) => {
    if (!second || takesOf(first) === takesOf(second)) return []
    const message = `${named(site)} has the same selectors on both tunnels to ${first.peer.name}`
    const hint = 'write selectors alike on both, or on neither'
    return [findingOf('CLOUD_VALUE_UNFIT', inPlan([...second.path, 'selectors']), { message, hint })]
  })
}

function takesOf({ form }: Connection): string {
  return form.mode === 'route' ? form.takes : 'narrow'
}

/** The cloud makes a second tunnel beside each. */
function secondTunnelsAreUsed({ site, groups }: Known): Finding[] {
  return groups.flatMap(([{ peer, path, count, form }]) => {
    if (count > 1) return []
    const both = form.mode === 'route' ? '' : 'write mode: route on it, '
    return [
      findingOf('CLOUD_TUNNEL_ALONE', inPlan(path), {
        message: `${named(site)} gives the connection to ${peer.name} two tunnels, and the plan has the first alone: no packet passes while that one is under maintenance`,
        hint: `${both}${uplinkHint(site)} on a second tunnel of the two sites`,
      }),
    ]
  })
}

function instancesAreTwo({ site }: Known): Finding[] {
  const [, third] = [...site.gateway.uplinks.values()]
  if (!third) return []
  const message = `${named(site)} has two instances, and ${textOf(third.publicAddress)} would be the address of a third`
  return [findingOf('CLOUD_LIMIT', inPlan(third.path), { message, hint: 'remove this uplink' })]
}

/** A second connection to the same site would need BGP. */
function peersHaveOneAddress({ site, groups }: Known): Finding[] {
  const firsts = new Map<string, Connection>()
  return groups.flatMap(([one]) => {
    const first = firsts.get(one.peer.name)
    firsts.set(one.peer.name, first ?? one)
    if (!first) return []
    const message = `${named(site)} has one connection to ${one.peer.name}: without BGP nothing says there whether ${calledAt(first)} or ${calledAt(one)} is used`
    const hint = `remove this tunnel, or name no uplink of ${one.peer.name} for it`
    return [findingOf('CLOUD_LIMIT', inPlan(one.path), { message, hint })]
  })
}

/** Both instances do what the one connection says. */
function instancesAreAlike({ site, groups }: Known): Finding[] {
  return groups.flatMap(([first, second]) => {
    if (!second) return []
    const words = connectionTerms.filter(([, of]) => JSON.stringify(of(first)) !== JSON.stringify(of(second)))
    if (words.length === 0) return []
    const message = `${named(site)} has one connection for both tunnels to ${first.peer.name}, and they differ in ${words.map(([word]) => word).join(', ')}`
    return [findingOf('CLOUD_VALUE_UNFIT', inPlan(second.path), { message, hint: 'write the same on both tunnels' })]
  })
}

const connectionTerms: readonly (readonly [string, (one: Connection) => unknown])[] = [
  ['selectors', takesOf],
  ['translateAt', ({ translateAt }) => translateAt],
  ['start', ({ start }) => start],
  ['proposal', ({ algorithms }) => algorithms],
  ['lifetimes', ({ settings: { ikeLifetime, espLifetime } }) => [ikeLifetime, espLifetime]],
  ['deadPeerDetection', ({ settings: { deadPeer } }) => deadPeer],
]

function bothInstancesAreUsed({ site, groups }: Known): Finding[] {
  const [uplink] = site.gateway.uplinks.keys()
  if (uplink === undefined) return []
  return groups.flatMap(([{ peer, path, count }]) => {
    if (count > 1) return []
    return [
      findingOf('CLOUD_TUNNEL_ALONE', inPlan(path), {
        message: `${named(site)} has two instances, which both start a tunnel to ${peer.name}, and the plan has one of them alone: no packet passes while that one is under maintenance`,
        hint: `write mode: route and a second tunnel of the two sites, the one with uplinks: { ${site.name}: ${uplink} } and the other without`,
      }),
    ]
  })
}

/** By how much each rule of NAT is there: once for each instance. */
export function instancesOf({ gateway }: GatewaySite): number {
  return abilities[gateway.platform].cloud?.uplinks === 'instances' ? 1 + gateway.uplinks.size : 1
}
