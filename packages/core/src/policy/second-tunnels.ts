import { textOf } from '../address/named-address.ts'
import { type Finding, findingOf, inPlan } from '../finding.ts'
import type { SiteName } from '../network/names.ts'
import type { Tunnel } from '../network/network.ts'
import { platforms } from '../network/platforms.ts'
import { abilities } from './abilities.ts'
import type { Connection } from './connections.ts'

/** A tunnel of a gateway, and what the plan file says of it. */
export interface PlannedConnection {
  readonly connection: Connection
  readonly tunnel: Tunnel | undefined
}

/** What a gateway cannot tell apart of several tunnels to one peer. */
export function secondTunnelFindings(planned: readonly PlannedConnection[]): Finding[] {
  const toPeer = new Map<SiteName, PlannedConnection[]>()
  return planned.flatMap((one) => {
    const { name } = one.connection.peer
    const before = toPeer.get(name) ?? []
    toPeer.set(name, [...before, one])
    return [...sameAddress(one, before), ...sameKeys(one, before), ...otherKeys(one, before)]
  })
}

/** Where a peer is called by its address, it is one peer with one tunnel interface. */
function sameAddress({ connection }: PlannedConnection, before: readonly PlannedConnection[]): Finding[] {
  const { site, peer, path } = connection
  const { platform } = site.gateway
  const address = remoteText(connection)
  if (!abilities[platform].peersByIdentity || before.every((other) => remoteText(other.connection) !== address))
    return []
  const able = platforms.filter((one) => !abilities[one].peersByIdentity && abilities[one].switchesOver)
  return [
    findingOf('TUNNEL_FORM_UNSUPPORTED', inPlan([...path, 'uplinks']), {
      message: `${platform} at ${site.name} has one tunnel to an address, and two of ${peer.name} would be to ${address}`,
      hint: `give ${peer.name} an uplink too and name it for the second tunnel; these can: ${able.join(', ')}`,
    }),
  ]
}

/** A key is found by the names of both ends, and those of a gateway with an identity of its own are the same on every uplink. */
function sameKeys({ connection, tunnel }: PlannedConnection, before: readonly PlannedConnection[]): Finding[] {
  const isAlike = (other: PlannedConnection) =>
    namesOf(other.connection) === namesOf(connection) && keyOf(other.tunnel) !== keyOf(tunnel)
  if (connection.authentication.kind !== 'key' || connection.ends[0] !== connection.site.name) return []
  if (!before.some(isAlike)) return []
  const { site, peer, path } = connection
  return [
    findingOf('KEYS_FOR_SAME_ENDS', inPlan([...path, 'preSharedKey']), {
      message: `two tunnels of ${site.name} and ${peer.name} have the same identities at both ends and different keys: the gateways cannot tell which one is for which`,
      hint: 'name one key for both tunnels, or leave identity out so that each uplink is identified by its address',
    }),
  ]
}

/** The two instances of a cloud's gateway have one connection, with one key. */
function otherKeys({ connection, tunnel }: PlannedConnection, before: readonly PlannedConnection[]): Finding[] {
  const { site, peer, path, authentication } = connection
  const isOne = abilities[site.gateway.platform].cloud?.uplinks === 'instances'
  if (!isOne || authentication.kind !== 'key' || before.every((one) => keyOf(one.tunnel) === keyOf(tunnel))) return []
  return [
    findingOf('CLOUD_VALUE_UNFIT', inPlan([...path, 'preSharedKey']), {
      message: `${site.gateway.platform} at ${site.name} has one connection for both tunnels to ${peer.name}, and one key`,
      hint: 'name one key for both tunnels',
    }),
  ]
}

function remoteText({ peer }: Connection): string {
  return textOf(peer.gateway.outside.publicAddress)
}

function namesOf({ site, peer }: Connection): string {
  return `${site.gateway.identity} ${peer.gateway.identity}`
}

function keyOf(tunnel: Tunnel | undefined): string {
  return JSON.stringify(tunnel?.preSharedKey ?? '')
}
