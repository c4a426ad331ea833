import { at, listAt, textAt, textsAt } from '../json-values.ts'
import { proposalOf } from './algorithms.ts'
import type { CloudFacts, CloudObject, CloudPlace, StandbyTunnel } from './cloud-facts.ts'

/** Lists in the output of `aws ec2 describe-…`. */
export const awsLists = ['Vpcs', 'Subnets', 'RouteTables', 'VpnConnections', 'VpnGateways', 'CustomerGateways'] as const

type AwsList = (typeof awsLists)[number]

/** Takes an object of one of these lists; keys and configurations of customer gateways hold secrets, of which none is looked at. */
export function takeAws(facts: CloudFacts, { value, list, place }: CloudObject): void {
  if (list === 'VpnRoutes') takeVpnRoute(facts, value, { id: textAt(value, 'VpnConnectionId'), place })
  const reader = awsLists.find((known) => known === list)
  if (!reader) return
  if (isGone(textAt(value, 'State'))) facts.leftOut.add(`${words[reader]} that were deleted`, place)
  else readers[reader](facts, value, place)
}

const words: Readonly<Record<AwsList, string>> = {
  Vpcs: 'VPCs',
  Subnets: 'subnets',
  RouteTables: 'route tables',
  VpnConnections: 'VPN connections',
  VpnGateways: 'VPN gateways',
  CustomerGateways: 'customer gateways',
}

const readers: Readonly<Record<AwsList, (facts: CloudFacts, value: unknown, place: CloudPlace) => void>> = {
  Vpcs: takeVpc,
  Subnets: takeSubnet,
  RouteTables: takeRouteTable,
  VpnConnections: takeConnection,
  VpnGateways: (facts, value, place) => {
    const id = textAt(value, 'VpnGatewayId')
    if (id === undefined) return
    const gateway = facts.gateway(id)
    gateway.platform = 'aws'
    gateway.place ??= place
    const attached = listAt(value, 'VpcAttachments').find((one) => !isGone(textAt(one, 'State')))
    gateway.network ??= textAt(attached, 'VpcId')
  },
  CustomerGateways: (facts, value, place) => {
    const id = textAt(value, 'CustomerGatewayId')
    if (id === undefined) return
    const peer = facts.peer(id)
    peer.name ??= nameTag(value) ?? textAt(value, 'DeviceName')
    peer.place ??= place
    const address = textAt(value, 'IpAddress')
    if (address !== undefined) peer.addresses.push({ value: address, why: `address of ${id}`, ...where(place) })
  },
}

function takeVpc(facts: CloudFacts, value: unknown, place: CloudPlace): void {
  const id = textAt(value, 'VpcId')
  if (id === undefined) return
  const network = facts.network(id)
  network.name ??= nameTag(value)
  network.site ??= place.site
  const [main, others] = [textAt(value, 'CidrBlock'), listAt(value, 'CidrBlockAssociationSet')]
  const why = `range of ${id}`
  if (others.length === 0 && main !== undefined) facts.range('blocks', id, main, { why, place })
  for (const one of others) {
    const state = textAt(one, 'CidrBlockState', 'State') ?? ''
    if (isGone(state)) facts.leftOut.add('ranges that a VPC gave up', place)
    else facts.range('blocks', id, textAt(one, 'CidrBlock') ?? '', { why, place })
  }
  takeIpv6(facts, value, { id, place })
}

function takeSubnet(facts: CloudFacts, value: unknown, place: CloudPlace): void {
  const id = textAt(value, 'SubnetId') ?? 'a subnet'
  const name = nameTag(value)
  const why = name === undefined ? `subnet ${id}` : `subnet ${name} (${id})`
  const range = textAt(value, 'CidrBlock')
  if (range !== undefined) facts.range('subnets', textAt(value, 'VpcId'), range, { why, place })
  takeIpv6(facts, value, { id, place })
}

function takeIpv6(facts: CloudFacts, value: unknown, { id, place }: { id: string; place: CloudPlace }): void {
  for (const one of listAt(value, 'Ipv6CidrBlockAssociationSet')) {
    const range = textAt(one, 'Ipv6CidrBlock')
    if (range !== undefined && !isGone(textAt(one, 'Ipv6CidrBlockState', 'State')))
      facts.prefix(range, { why: `range of ${id}`, place })
  }
}

function takeRouteTable(facts: CloudFacts, value: unknown, place: CloudPlace): void {
  const vpc = textAt(value, 'VpcId')
  const id = textAt(value, 'RouteTableId') ?? 'a route table'
  for (const one of listAt(value, 'PropagatingVgws')) {
    const gateway = textAt(one, 'GatewayId')
    if (gateway !== undefined) facts.gateway(gateway).network ??= vpc
  }
  for (const route of listAt(value, 'Routes')) {
    const range = textAt(route, 'DestinationCidrBlock')
    const gateway = textAt(route, 'GatewayId')
    const beyond = textAt(route, 'VpcPeeringConnectionId') ?? textAt(route, 'TransitGatewayId')
    if (textAt(route, 'State') === 'blackhole') facts.leftOut.add('routes that lead nowhere', place)
    else if (gateway?.startsWith('vgw-')) facts.gateway(gateway).network ??= vpc
    else if (beyond !== undefined && range !== undefined)
      facts.range('inUse', vpc, range, { why: `${id} leads it to ${beyond}`, place })
  }
}

function takeConnection(facts: CloudFacts, value: unknown, place: CloudPlace): void {
  const [id, peer, gateway] = ['VpnConnectionId', 'CustomerGatewayId', 'VpnGatewayId'].map((key) => textAt(value, key))
  if (textAt(value, 'TransitGatewayId') !== undefined) {
    facts.leftOut.add('VPN connections of a transit gateway, which natplan does not write', place)
    return
  }
  if (id === undefined || peer === undefined || gateway === undefined) return
  facts.gateway(gateway).platform = 'aws'
  facts.gateway(gateway).place ??= place
  facts.peer(peer).place ??= place
  const configured = tunnelsConfigured(textAt(value, 'CustomerGatewayConfiguration') ?? '')
  const [options, shown] = [
    listAt(value, 'Options', 'TunnelOptions'),
    textsOf(listAt(value, 'VgwTelemetry'), 'OutsideIpAddress'),
  ]
  const [told] = configured
  if (told?.peer !== undefined && facts.peer(peer).addresses.length === 0)
    facts.peer(peer).addresses.push({ value: told.peer, why: `address of ${peer}`, ...where(place) })
  const count = Math.max(options.length, shown.length, configured.length, 1)
  const tunnels = Array.from({ length: count }, (_, index): StandbyTunnel => {
    const [one, known] = [options[index], configured[index]]
    const address = textAt(one, 'OutsideIpAddress') ?? known?.outside ?? shown[index]
    const why = `${index === 0 ? 'first' : 'second'} tunnel of ${id}`
    const [link, proposal] = [textAt(one, 'TunnelInsideCidr') ?? known?.link, proposalIn(one)]
    return {
      address: address === undefined ? undefined : { value: address, why, ...where(place) },
      settings: { mode: 'route', ...(link === undefined ? {} : { link }), ...(proposal ? { proposal } : {}) },
    }
  })
  const [first, ...standby] = tunnels
  if (first?.address) facts.gateway(gateway).addresses.push(first.address)
  const settings = first?.settings ?? { mode: 'route' }
  facts.connections.push({ id, gateway, peer, place, settings, address: first?.address, standby })
  for (const route of listAt(value, 'Routes')) takeVpnRoute(facts, route, { id, place })
}

function takeVpnRoute(
  facts: CloudFacts,
  route: unknown,
  { id, place }: { readonly id: string | undefined; readonly place: CloudPlace },
): void {
  const range = textAt(route, 'DestinationCidrBlock')
  if (range === undefined || id === undefined) return
  if (isGone(textAt(route, 'State'))) facts.leftOut.add('routes that were deleted', place)
  else facts.route(id, facts.prefix(range, { why: `${id} has a route there`, place }))
}

/** What the XML for the customer says of addresses; the keys that stand there too are not looked at. */
function tunnelsConfigured(xml: string) {
  return [...xml.matchAll(/<ipsec_tunnel>([\s\S]*?)<\/ipsec_tunnel>/g)].map(([, tunnel = '']) => {
    const [customer, cloud] = ['customer_gateway', 'vpn_gateway'].map(
      (side) => new RegExp(`<${side}>([\\s\\S]*?)</${side}>`).exec(tunnel)?.[1] ?? '',
    )
    const address = (side: string | undefined, kind: string) =>
      new RegExp(`<tunnel_${kind}_address>\\s*<ip_address>([0-9.]+)</ip_address>`).exec(side ?? '')?.[1]
    return {
      outside: address(cloud, 'outside'),
      peer: address(customer, 'outside'),
      link: linkOf(address(cloud, 'inside')),
    }
  })
}

/** AWS has the first usable address of a /30. */
function linkOf(address: string | undefined): string | undefined {
  const [, start = '', last = ''] = /^(169\.254\.[0-9]+\.)([0-9]+)$/.exec(address ?? '') ?? []
  return last !== '' && Number(last) % 4 === 1 ? `${start}${Number(last) - 1}/30` : undefined
}

/** Options list all that a tunnel takes; only what is one of each is a proposal. */
function proposalIn(options: unknown) {
  const only = (key: string) => {
    const values = listAt(options, key).map((one) => String(at(one, 'Value')))
    return values.length === 1 ? values[0] : undefined
  }
  return proposalOf({
    ike: {
      encryption: only('Phase1EncryptionAlgorithms'),
      hash: only('Phase1IntegrityAlgorithms'),
      dhGroup: only('Phase1DHGroupNumbers'),
    },
    esp: {
      encryption: only('Phase2EncryptionAlgorithms'),
      hash: only('Phase2IntegrityAlgorithms'),
      dhGroup: only('Phase2DHGroupNumbers'),
    },
  })
}

function textsOf(values: readonly unknown[], key: string): readonly string[] {
  return textsAt({ is: values.map((one) => at(one, key)) }, 'is')
}

function nameTag(value: unknown): string | undefined {
  return textAt(
    listAt(value, 'Tags').find((tag) => textAt(tag, 'Key') === 'Name'),
    'Value',
  )
}

function isGone(state: string | undefined): boolean {
  return /^(deleted|deleting|disassociated|disassociating|detached|detaching|failed)$/.test(state ?? '')
}

function where({ file, line }: CloudPlace) {
  return { file, line }
}
