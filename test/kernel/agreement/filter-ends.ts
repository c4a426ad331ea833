import { Prefix } from '@natplan/core'
import type { Random } from '../lab/mutations.ts'
import type { GatewayState, Network } from './network.ts'

/** What filters of a gateway tell packets apart by. */
export interface Ends {
  readonly gateway: GatewayState
  /** Its own networks, and what its peers call them. */
  readonly lans: readonly Prefix[]
  readonly visible: readonly Prefix[]
  readonly remotes: readonly Prefix[]
  readonly peers: readonly string[]
  /** Where packets of tunnels come in and go out. */
  readonly outside: readonly string[]
}

export function endsOf(gateway: GatewayState, { called }: Network): Ends {
  const { lans, connections, uplinks, addresses } = gateway
  const locals = connections.flatMap(({ children }) => children.flatMap(({ local }) => [...local]))
  const remotes = (called.get(gateway.site) ?? []).filter((one) => !lans.some((lan) => lan.equals(one)))
  const isVirtual = addresses.some((line) => line.includes('type xfrm'))
  return {
    gateway,
    lans: apart(lans),
    visible: apart(locals.filter(({ length }) => length > 8)),
    remotes: apart(remotes),
    peers: [...new Set(connections.flatMap(({ remote }) => remote ?? []))],
    outside: isVirtual ? ['ipsec0'] : uplinks,
  }
}

/** Without those that lie in another one. */
export function apart(prefixes: readonly Prefix[]): Prefix[] {
  return prefixes.filter(
    (one, index) =>
      !prefixes.some((other, place) => place !== index && other.contains(one) && (!one.equals(other) || place < index)),
  )
}

export function single(address: string): Prefix {
  return Prefix.parse(`${address}/32`)
}

/** All of these, or none. */
export function sometimes<T>(random: Random, chance: number, ...items: readonly T[]): readonly T[] {
  return random() < chance ? items : []
}
