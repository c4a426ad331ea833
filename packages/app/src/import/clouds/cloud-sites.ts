import {
  type Finding,
  findingOf,
  inInput,
  Prefix,
  PrefixSet,
  type WrittenSite,
  type WrittenTunnel,
} from '@natplan/core'
import type { ImportChoice, Imported, PeerEnd, Reason } from '../imported.ts'
import { freeName, listSaid, type Said, siteNameOf } from '../said.ts'
import { tunnelKey } from '../tunnel-key.ts'
import type {
  CloudConnection,
  CloudFacts,
  CloudGateway,
  CloudNetwork,
  CloudPlace,
  StandbyTunnel,
} from './cloud-facts.ts'

/** A site for each virtual network, one for each peer of a VPN, and the tunnels between them. */
export function cloudSites(facts: CloudFacts, as: NonNullable<ImportChoice['as']>): Imported {
  const draft = new CloudDraft(facts)
  for (const [id, network] of facts.networks) draft.addNetwork(id, network, as)
  if (as === 'site') {
    for (const [id, gateway] of facts.gateways) draft.addGateway(id, gateway)
    for (const connection of facts.connections) draft.addTunnel(connection)
    draft.addLoosePeers()
  }
  return draft.result
}

class CloudDraft {
  readonly #facts: CloudFacts
  readonly #sites = new Map<string, WrittenSite>()
  readonly #tunnels: WrittenTunnel[] = []
  readonly #reasons: Reason[] = []
  readonly #findings: Finding[] = []
  readonly #missed = new Set<string>()
  readonly #ends: PeerEnd[] = []
  readonly #siteOfNetwork = new Map<string, string>()
  /** The gateways that stand in the plan, by site. */
  readonly #owned = new Map<string, CloudGateway>()
  readonly #siteOfPeer = new Map<string, string>()

  constructor(facts: CloudFacts) {
    this.#facts = facts
  }

  get result(): Imported {
    const tunnels = this.#tunnels.length > 0 ? { tunnels: this.#tunnels } : {}
    return {
      network: { sites: Object.fromEntries(this.#sites), ...tunnels },
      reasons: this.#reasons,
      leftOut: this.#facts.leftOut.all,
      findings: this.#findings,
      ends: this.#ends,
    }
  }

  addNetwork(id: string, network: CloudNetwork, as: NonNullable<ImportChoice['as']>): void {
    if (network.blocks.length + network.subnets.length + network.inUse.length === 0) return
    const name = network.site ?? freeName(siteNameOf(network.name ?? lastOf(id)), new Set(this.#sites.keys()))
    this.#siteOfNetwork.set(id, name)
    const { subnets, reserved } = as === 'reserved' ? reservedOnly(network) : divided(network)
    this.#addSite(name, subnets, reserved)
  }

  addGateway(id: string, gateway: CloudGateway): void {
    const site = gateway.network === undefined ? undefined : this.#siteOfNetwork.get(gateway.network)
    const [address] = gateway.addresses
    const written = site === undefined ? undefined : this.#sites.get(site)
    if (site === undefined || !written) {
      this.#miss(gateway.place, {
        message: `in which network the VPN gateway ${lastOf(id)} is stands in no text`,
        hint: hints.network,
      })
    } else if (written.gateway) {
      const isBeside = gateway.kind === 'apart' && this.#owned.get(site)?.kind === 'apart'
      if (isBeside && address) this.#addUplink(site, address)
      else this.#leaveOut('VPN gateways beside the first one of a network', gateway.place)
    } else if (!address || !gateway.platform) {
      const message = `${site}: which address the VPN gateway ${lastOf(id)} has stands in no text`
      this.#miss(gateway.place, { message, hint: hints.address })
    } else {
      this.#owned.set(site, gateway)
      this.#sites.set(site, {
        ...written,
        gateway: { platform: gateway.platform, outside: { address: address.value } },
      })
      this.#reason(['sites', site, 'gateway', 'outside', 'address'], address)
    }
  }

  addTunnel(connection: CloudConnection): void {
    const { gateway, peer, place } = connection
    const network = this.#facts.gateways.get(gateway)?.network
    const site = network === undefined ? undefined : this.#siteOfNetwork.get(network)
    const other = this.#otherEnd(peer, place)
    if (site === undefined) {
      this.#leaveOut('connections of VPN gateways whose network is not known', place)
      this.#missGateway(gateway, place)
    } else if (other === undefined || other === site) {
      this.#leaveOut('connections to a network that the text does not have', place)
    } else if (this.#siteOfPeer.has(peer)) {
      for (const one of this.#tunnelsOf(connection)) this.#addOne(connection, { ...one, sites: [site, other] })
    } else if (this.#tunnels.some(({ sites }) => sites.includes(site) && sites.includes(other))) {
      // A connection between two networks of a cloud is an object at both ends.
      if (!this.#facts.gateways.has(peer)) this.#leaveOut('further tunnels between the same two sites', place)
    } else {
      this.#addOne(connection, { ...connection, address: undefined, sites: [site, other] })
      if (connection.standby.length > 0) this.#leaveOut('second tunnels of connections between two clouds', place)
    }
  }

  /** The tunnels of a connection in the order in which they take over from each other. */
  #tunnelsOf({ gateway, settings, address, standby }: CloudConnection): readonly StandbyTunnel[] {
    const { kind, addresses = [] } = this.#facts.gateways.get(gateway) ?? {}
    const [own, ...others] = distinct(addresses)
    const first = { address: address ?? own, settings }
    const [second] = kind === 'instances' && settings.mode === 'route' ? others : []
    return [first, ...(second ? [{ address: second, settings }] : standby)]
  }

  #addOne(
    { id, gateway, place }: CloudConnection,
    { sites, address, settings }: StandbyTunnel & { readonly sites: readonly [string, string] },
  ): void {
    const [site] = sites
    const isOwn = this.#isOwn(site, gateway)
    const uplink = isOwn && address ? this.#addUplink(site, address) : undefined
    const tunnel: WrittenTunnel = {
      sites: [...sites],
      ...settings,
      ...(uplink === undefined ? {} : { uplinks: { [site]: uplink } }),
    }
    if (this.#tunnels.some((one) => tunnelKey(one) === tunnelKey(tunnel))) {
      const isKnown = isOwn && address !== undefined
      const what = isKnown
        ? 'further tunnels between the same two sites'
        : 'further tunnels whose own address is in none of the texts'
      this.#leaveOut(what, place)
      return
    }
    const index = this.#tunnels.push(tunnel) - 1
    this.#reason(['tunnels', index], { value: '', why: `connection ${lastOf(id)}`, ...place })
  }

  /** One of the gateways that the site has in the plan. */
  #isOwn(site: string, gateway: string): boolean {
    const own = this.#owned.get(site)
    const one = this.#facts.gateways.get(gateway)
    return own !== undefined && (one === own || (one?.kind === 'apart' && own.kind === 'apart'))
  }

  /** What the plan calls an address of a gateway; `undefined` for the first one. */
  #addUplink(site: string, { value, ...said }: Said): string | undefined {
    const written = this.#sites.get(site)
    const gateway = written?.gateway
    if (!gateway || gateway.outside.address === value) return undefined
    const uplinks = gateway.uplinks ?? {}
    const known = Object.keys(uplinks).find((name) => uplinks[name]?.address === value)
    if (known !== undefined) return known
    const count = Object.keys(uplinks).length
    const name = ['second', 'third', 'fourth'][count] ?? `uplink${count + 2}`
    this.#sites.set(site, { ...written, gateway: { ...gateway, uplinks: { ...uplinks, [name]: { address: value } } } })
    this.#reason(['sites', site, 'gateway', 'uplinks', name, 'address'], { value, ...said })
    return name
  }

  /** Peers that no connection leads to: without any connection in the texts, it is not known which network has a tunnel to which. */
  addLoosePeers(): void {
    const loose = [...this.#facts.peers].filter(([id]) => !this.#siteOfPeer.has(id) && !this.#facts.gateways.has(id))
    const known = loose.filter(([, { prefixes, addresses }]) => prefixes.length + addresses.length > 0)
    if (this.#facts.connections.length > 0) {
      for (const [, { place }] of known) this.#leaveOut('peers that no connection leads to', place)
      return
    }
    for (const [id] of known) this.#otherEnd(id)
    const message = 'no text says which network has a tunnel to which peer: every two sites count as joined'
    if (known.length > 0) this.#miss(known[0]?.[1].place, { message, hint: hints.connections })
  }

  /** The site at the other end: the network of a gateway of a cloud, or what is behind a peer. */
  #otherEnd(peer: string, from?: CloudPlace): string | undefined {
    const gateway = this.#facts.gateways.get(peer) ?? this.#gatewayAt(peer)
    if (gateway) return gateway.network === undefined ? undefined : this.#siteOfNetwork.get(gateway.network)
    const known = this.#siteOfPeer.get(peer)
    if (known !== undefined) return known
    const { name, place, addresses, prefixes } = this.#facts.peer(peer)
    const site = freeName(siteNameOf(name ?? lastOf(peer)), new Set(this.#sites.keys()))
    this.#siteOfPeer.set(peer, site)
    this.#addSite(site, prefixes, [])
    const [address] = addresses
    for (const { value } of addresses) this.#ends.push({ site, address: value })
    if (address) this.#reason(['sites', site], { ...address, why: `its gateway is ${address.value}` })
    if (prefixes.length === 0) {
      const message = `${site}: which subnets it has stands in no text`
      this.#miss(place ?? from, {
        message,
        hint: 'routes of BGP are not in such texts: write the subnets, or give the configuration of its gateway',
        about: { site },
      })
    }
    return site
  }

  /** A gateway that only its connections name, once. */
  #missGateway(gateway: string, place: CloudPlace | undefined): void {
    if (this.#facts.gateways.has(gateway) || this.#missed.has(gateway)) return
    this.#missed.add(gateway)
    const message = `in which network the VPN gateway ${lastOf(gateway)} is stands in no text`
    this.#miss(place, { message, hint: hints.gateway })
  }

  /** Two clouds that call one another by their addresses. */
  #gatewayAt(peer: string): CloudGateway | undefined {
    const { addresses } = this.#facts.peer(peer)
    return [...this.#facts.gateways.values()].find((gateway) =>
      gateway.addresses.some(({ value }) => addresses.some((one) => one.value === value)),
    )
  }

  /** Several networks may be of one site, when somebody said so. */
  #addSite(name: string, subnets: readonly Said[], reserved: readonly Said[]): void {
    const before = this.#sites.get(name)
    const [known, kept] = [before?.subnets ?? [], before?.reserved ?? []]
    const added = listSaid(
      subnets.filter(({ value }) => !known.includes(value)),
      ['sites', name, 'subnets'],
    )
    const held = listSaid(
      reserved.filter(({ value }) => !kept.includes(value)),
      ['sites', name, 'reserved'],
    )
    const allReserved = [...kept, ...held.values]
    this.#sites.set(name, {
      ...before,
      subnets: [...known, ...added.values],
      ...(allReserved.length > 0 ? { reserved: allReserved } : {}),
    })
    this.#reasons.push(...moved(added.reasons, known.length), ...moved(held.reasons, kept.length))
  }

  #reason(path: Reason['path'], { why, file, line }: Said): void {
    this.#reasons.push({ path, text: why, file, line })
  }

  #leaveOut(what: string, place: CloudPlace | undefined): void {
    if (place) this.#facts.leftOut.add(what, place)
  }

  #miss(
    place: CloudPlace | undefined,
    remark: Pick<Finding, 'about'> & { readonly message: string; readonly hint: string },
  ): void {
    const at = place ? { ...inInput(place.line), file: place.file } : inInput()
    this.#findings.push(findingOf('IMPORT_INCOMPLETE', at, remark))
  }
}

const hints = {
  gateway:
    'give as well: aws ec2 describe-vpn-gateways, az network vnet-gateway list, or gcloud compute vpn-gateways list --format=json',
  connections:
    'give as well: aws ec2 describe-vpn-connections, az network vpn-connection list, or gcloud compute vpn-tunnels list --format=json',
  network:
    'give as well: aws ec2 describe-vpn-gateways and describe-vpcs, az network vnet list, or gcloud compute vpn-gateways list --format=json and networks subnets list',
  address:
    'give as well: aws ec2 describe-vpn-connections, az network public-ip list, or gcloud compute vpn-gateways list and forwarding-rules list with --format=json',
}

/** Subnets where there are some, else the space that they are cut from; all else that is in use is reserved. */
function divided({ blocks, subnets, inUse }: CloudNetwork): {
  readonly subnets: readonly Said[]
  readonly reserved: readonly Said[]
} {
  const own = subnets.length > 0 ? subnets : blocks
  const taken = PrefixSet.of(own.map(({ value }) => Prefix.parse(value)))
  const reserved = [...(own === blocks ? [] : blocks), ...inUse].filter(
    ({ value }) => !taken.contains(Prefix.parse(value)),
  )
  return { subnets: own, reserved }
}

function reservedOnly({ blocks, subnets, inUse }: CloudNetwork) {
  const whole = PrefixSet.of(blocks.map(({ value }) => Prefix.parse(value)))
  const reserved = [...blocks, ...[...subnets, ...inUse].filter(({ value }) => !whole.contains(Prefix.parse(value)))]
  return { subnets: [], reserved }
}

function moved(reasons: readonly Reason[], by: number): Reason[] {
  return reasons.map((reason) => {
    const index = reason.path.at(-1)
    return { ...reason, path: [...reason.path.slice(0, -1), typeof index === 'number' ? index + by : 0] }
  })
}

/** Some texts say an address twice. */
function distinct(addresses: readonly Said[]): readonly Said[] {
  return [...new Map(addresses.map((one) => [one.value, one])).values()]
}

/** What people call a thing by of its id. */
function lastOf(id: string): string {
  return id.replace(/^.*\//, '')
}
