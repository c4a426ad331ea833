import { at, listAt, textAt, textsAt } from '../json-values.ts'
import { proposalOf } from './algorithms.ts'
import type { CloudFacts, CloudObject, CloudPlace } from './cloud-facts.ts'

/** An object with an id, whose own values stand beside it or below `properties`, as the command line and the API write it. */
interface Resource {
  readonly id: string
  readonly name: string
  readonly values: unknown
  readonly place: CloudPlace
}

/** Takes an object of the output of `az network … list` or `show`. */
export function takeAzure(facts: CloudFacts, { value, place }: CloudObject): void {
  const id = idOf(textAt(value, 'id'))
  const [, kind = '', name = ''] = /\/providers\/microsoft\.network\/([a-z]+)\/([^/]+)$/.exec(id ?? '') ?? []
  const read = Object.hasOwn(readers, kind) ? readers[kind] : undefined
  if (id === undefined || !read) return
  read(facts, { id, name: textAt(value, 'name') ?? name, values: at(value, 'properties') ?? value, place })
}

const readers: Readonly<Record<string, (facts: CloudFacts, resource: Resource) => void>> = {
  virtualnetworks: takeNetwork,
  virtualnetworkgateways: takeGateway,
  localnetworkgateways: takePeer,
  connections: takeConnection,
  publicipaddresses: (facts, { id, name, values, place: { file, line } }) => {
    const value = textAt(values, 'ipAddress')
    if (value !== undefined) facts.address(id, { value, why: `public IP address ${name}`, file, line })
  },
}

function takeNetwork(facts: CloudFacts, { id, name, values, place }: Resource): void {
  const network = facts.network(id)
  network.name ??= name
  network.site ??= place.site
  for (const range of textsAt(values, 'addressSpace', 'addressPrefixes'))
    facts.range('blocks', id, range, { why: `address space of ${name}`, place })
  for (const subnet of listAt(values, 'subnets')) takeSubnet(facts, subnet, { id, place })
  for (const peering of listAt(values, 'virtualNetworkPeerings')) {
    const inner = at(peering, 'properties') ?? peering
    const space = at(inner, 'remoteVirtualNetworkAddressSpace') ?? at(inner, 'remoteAddressSpace')
    const isOff = textAt(inner, 'peeringState') === 'Disconnected'
    for (const range of textsAt(space, 'addressPrefixes')) {
      if (isOff) facts.leftOut.add('ranges behind peerings that are disconnected', place)
      else
        facts.range('inUse', id, range, { why: `behind peering ${textAt(peering, 'name') ?? 'of the network'}`, place })
    }
  }
}

function takeSubnet(facts: CloudFacts, subnet: unknown, { id, place }: { id: string; place: CloudPlace }): void {
  const name = textAt(subnet, 'name') ?? 'without a name'
  const values = at(subnet, 'properties') ?? subnet
  const single = textAt(values, 'addressPrefix')
  for (const range of single === undefined ? textsAt(values, 'addressPrefixes') : [single]) {
    // Nothing but the gateway's own instances lives there.
    if (name === 'GatewaySubnet') facts.leftOut.add('subnets of VPN gateways themselves', place)
    else facts.range('subnets', id, range, { why: `subnet ${name}`, place })
  }
}

function takeGateway(facts: CloudFacts, { id, values, place }: Resource): void {
  if (textAt(values, 'gatewayType') === 'ExpressRoute') {
    facts.leftOut.add('gateways of ExpressRoute', place)
    return
  }
  const gateway = facts.gateway(id)
  gateway.platform = 'azure'
  gateway.kind = 'instances'
  gateway.place ??= place
  for (const configuration of listAt(values, 'ipConfigurations')) {
    const inner = at(configuration, 'properties') ?? configuration
    gateway.network ??= idOf(textAt(inner, 'subnet', 'id'))?.replace(/\/subnets\/[^/]+$/, '')
    const address = idOf(textAt(inner, 'publicIPAddress', 'id') ?? textAt(inner, 'publicIpAddress', 'id'))
    if (address !== undefined) facts.gatewayHas(id, address)
  }
  const shown = listAt(values, 'bgpSettings', 'bgpPeeringAddresses').flatMap((one) => textsAt(one, 'tunnelIpAddresses'))
  for (const value of shown)
    gateway.addresses.push({ value, why: 'the gateway has it', file: place.file, line: place.line })
}

function takePeer(facts: CloudFacts, { id, name, values, place }: Resource): void {
  const peer = facts.peer(id)
  peer.name ??= name
  peer.place ??= place
  const value = textAt(values, 'gatewayIpAddress') ?? textAt(values, 'fqdn')
  if (value !== undefined) peer.addresses.push({ value, why: `address of ${name}`, file: place.file, line: place.line })
  const space = at(values, 'localNetworkAddressSpace') ?? at(values, 'localNetworkSiteAddressSpace')
  for (const range of textsAt(space, 'addressPrefixes')) {
    const said = facts.prefix(range, { why: `address space of local network gateway ${name}`, place })
    if (said) peer.prefixes.push(said)
  }
}

function takeConnection(facts: CloudFacts, { id, values, place }: Resource): void {
  const gateway = idOf(textAt(values, 'virtualNetworkGateway1', 'id'))
  const peer = idOf(textAt(values, 'localNetworkGateway2', 'id') ?? textAt(values, 'virtualNetworkGateway2', 'id'))
  if (gateway === undefined || peer === undefined) return
  const isPolicy = at(values, 'usePolicyBasedTrafficSelectors') === true
  const isOld = textAt(values, 'connectionProtocol') === 'IKEv1'
  const [policy] = listAt(values, 'ipsecPolicies')
  const proposal = proposalOf({
    ike: {
      encryption: textAt(policy, 'ikeEncryption'),
      hash: textAt(policy, 'ikeIntegrity'),
      dhGroup: textAt(policy, 'dhGroup'),
    },
    esp: {
      encryption: textAt(policy, 'ipsecEncryption'),
      hash: textAt(policy, 'ipsecIntegrity'),
      dhGroup: textAt(policy, 'pfsGroup'),
    },
  })
  const settings = {
    ...(isPolicy ? {} : { mode: 'route' as const }),
    ...(proposal ? { proposal } : {}),
    ...(isOld ? { ike: { version: 1 as const } } : {}),
  }
  facts.connections.push({ id, gateway, peer, place, settings, standby: [] })
}

/** Ids are written with letters of either case. */
function idOf(text: string | undefined): string | undefined {
  return text?.toLowerCase()
}
