import { Prefix, type WrittenTunnel } from '@natplan/core'
import { LeftOutCounts, type Said } from '../said.ts'

type CloudPlatform = 'aws' | 'azure' | 'gcp'

/** Where something stands, and the site that its text is said to be of. */
export interface CloudPlace {
  readonly file: string
  readonly line: number
  readonly site: string | undefined
}

/** A virtual network, by the id that other objects of the cloud know it by. */
export interface CloudNetwork {
  name: string | undefined
  site: string | undefined
  /** The space that subnets are cut from. */
  readonly blocks: Said[]
  readonly subnets: Said[]
  /** Space in use there that is no subnet: secondary ranges, and what is behind peerings. */
  readonly inUse: Said[]
}

/** A VPN gateway of a cloud. */
export interface CloudGateway {
  platform: CloudPlatform | undefined
  network: string | undefined
  place: CloudPlace | undefined
  /** In the order of its instances. */
  readonly addresses: Said[]
  /** `instances`: its connections have a tunnel for each address; `apart`: another one of a network may stand beside it. */
  kind?: 'instances' | 'apart'
}

/** The other end of a VPN, as the cloud knows it. */
export interface CloudPeer {
  name: string | undefined
  place: CloudPlace | undefined
  readonly addresses: Said[]
  readonly prefixes: Said[]
}

export interface CloudConnection {
  readonly id: string
  readonly gateway: string
  readonly peer: string
  readonly place: CloudPlace
  readonly settings: TunnelSettings
  /** The address of its first tunnel, where that is not the gateway's first one. */
  readonly address?: Said | undefined
  /** Further tunnels of the same connection, where they have other addresses than all instances of the gateway have. */
  readonly standby: readonly StandbyTunnel[]
}

type TunnelSettings = Pick<WrittenTunnel, 'mode' | 'link' | 'proposal' | 'ike'>

/** A second tunnel of a connection. */
export interface StandbyTunnel {
  readonly address: Said | undefined
  readonly settings: TunnelSettings
}

export type RangeKind = 'blocks' | 'subnets' | 'inUse'

/** What the objects of clouds say, in any order; ids are of one space, since no two clouds write them alike. */
export class CloudFacts {
  readonly networks = new Map<string, CloudNetwork>()
  readonly gateways = new Map<string, CloudGateway>()
  readonly peers = new Map<string, CloudPeer>()
  readonly connections: CloudConnection[] = []
  readonly leftOut = new LeftOutCounts()
  /** Public addresses that are objects of their own. */
  readonly #addresses = new Map<string, Said>()
  /** Objects that an address stands for, until all is read. */
  readonly #addressOf: { readonly gateway: string; readonly address: string }[] = []
  readonly #routes: { readonly connection: string; readonly said: Said }[] = []

  network(id: string): CloudNetwork {
    return found(this.networks, id, () => ({ name: undefined, site: undefined, blocks: [], subnets: [], inUse: [] }))
  }

  gateway(id: string): CloudGateway {
    return found(this.gateways, id, () => ({
      platform: undefined,
      network: undefined,
      place: undefined,
      addresses: [],
    }))
  }

  peer(id: string): CloudPeer {
    return found(this.peers, id, () => ({ name: undefined, place: undefined, addresses: [], prefixes: [] }))
  }

  /** A range of a network. */
  range(
    kind: RangeKind,
    network: string | undefined,
    text: string,
    { why, place }: { why: string; place: CloudPlace },
  ): void {
    const said = this.prefix(text, { why, place })
    if (!said) return
    if (network === undefined) {
      this.leftOut.add('ranges of networks that the text does not name', place)
      return
    }
    const owner = this.network(network)
    owner.site ??= place.site
    owner[kind].push(said)
  }

  /** A prefix that may stand in a plan; what may not is counted. */
  prefix(text: string, { why, place }: { readonly why: string; readonly place: CloudPlace }): Said | undefined {
    const prefix = Prefix.tryParse(text)
    if (prefix?.family === 4 && prefix.length > 0) return { value: text, why, file: place.file, line: place.line }
    const what =
      prefix?.family === 6
        ? 'ranges of IPv6, which the VPN of a cloud does not carry'
        : prefix
          ? 'default routes, which say nothing of what is there'
          : 'ranges that are not prefixes'
    this.leftOut.add(what, place)
    return undefined
  }

  address(id: string, said: Said): void {
    this.#addresses.set(id, said)
  }

  gatewayHas(gateway: string, address: string): void {
    this.#addressOf.push({ gateway, address })
  }

  /** What is behind the peer of a connection. */
  route(connection: string, said: Said | undefined): void {
    if (said) this.#routes.push({ connection, said })
  }

  /** Brings together what objects say of one another, after the last of them. */
  join(): void {
    for (const { gateway, address } of this.#addressOf) {
      const said = this.#addresses.get(address)
      if (said) this.gateway(gateway).addresses.push(said)
    }
    for (const { connection, said } of this.#routes) {
      const peer = this.connections.find(({ id }) => id === connection)?.peer
      if (peer === undefined) this.leftOut.add('routes into connections that the text does not have', { ...said })
      else this.peer(peer).prefixes.push(said)
    }
  }
}

function found<T>(known: Map<string, T>, id: string, make: () => T): T {
  const there = known.get(id)
  if (there) return there
  const made = make()
  known.set(id, made)
  return made
}

/** An object, and the list that it stood in. */
export interface CloudObject {
  readonly value: unknown
  readonly list: string | undefined
  readonly place: CloudPlace
}
