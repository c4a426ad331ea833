import { at, listAt, textAt, textsAt } from '../json-values.ts'
import type { CloudFacts, CloudObject, CloudPlace } from './cloud-facts.ts'

interface Resource {
  readonly id: string
  readonly name: string
  readonly value: unknown
  readonly place: CloudPlace
}

/** Takes an object of the output of `gcloud compute … list --format=json`. */
export function takeGoogle(facts: CloudFacts, { value, place }: CloudObject): void {
  const kind = kindOf(value)
  const read = kind !== undefined && Object.hasOwn(readers, kind) ? readers[kind] : undefined
  const name = textAt(value, 'name') ?? 'without a name'
  read?.(facts, { id: idOf(textAt(value, 'selfLink')) ?? name, name, value, place })
}

/** Objects say their kind; where somebody chose the columns, the keys do. */
function kindOf(value: unknown): string | undefined {
  const said = /^compute#(.*)$/.exec(textAt(value, 'kind') ?? '')?.[1]
  if (said !== undefined) return said
  if (textAt(value, 'ipCidrRange') !== undefined) return 'subnetwork'
  return textAt(value, 'peerIp') === undefined ? undefined : 'vpnTunnel'
}

const readers: Readonly<Record<string, (facts: CloudFacts, resource: Resource) => void>> = {
  network: (facts, { id, name, value, place }) => {
    facts.network(id).name ??= name
    facts.network(id).site ??= place.site
    const legacy = textAt(value, 'IPv4Range')
    if (legacy !== undefined) facts.range('blocks', id, legacy, { why: `range of ${name}`, place })
  },
  subnetwork: takeSubnet,
  vpnGateway: (facts, { id, name, value, place }) => {
    takeGateway(facts, { id, name, value, place })
    for (const one of listAt(value, 'vpnInterfaces')) {
      const address = textAt(one, 'ipAddress')
      if (address !== undefined)
        facts
          .gateway(id)
          .addresses.push({ value: address, why: `interface of ${name}`, file: place.file, line: place.line })
    }
  },
  targetVpnGateway: (facts, resource) => {
    takeGateway(facts, resource)
    facts.gateway(resource.id).kind = 'apart'
  },
  forwardingRule: (facts, { value, place: { file, line } }) => {
    const [gateway, address] = [idOf(textAt(value, 'target')), textAt(value, 'IPAddress')]
    if (gateway === undefined || address === undefined || !gateway.includes('/targetvpngateways/')) return
    const { addresses } = facts.gateway(gateway)
    if (!addresses.some((one) => one.value === address))
      addresses.push({ value: address, why: 'a forwarding rule leads from it to the gateway', file, line })
  },
  externalVpnGateway: (facts, { id, name, value, place }) => {
    const peer = facts.peer(id)
    peer.name ??= name
    peer.place ??= place
    for (const one of listAt(value, 'interfaces')) {
      const address = textAt(one, 'ipAddress')
      if (address !== undefined)
        peer.addresses.push({ value: address, why: `interface of ${name}`, file: place.file, line: place.line })
    }
  },
  vpnTunnel: takeTunnel,
  route: (facts, { name, value, place }) => {
    const [tunnel, range] = [idOf(textAt(value, 'nextHopVpnTunnel')), textAt(value, 'destRange')]
    if (range === undefined) return
    const why = `route ${name}`
    if (tunnel !== undefined) facts.route(tunnel, facts.prefix(range, { why, place }))
    else if (textAt(value, 'nextHopPeering') !== undefined)
      facts.range('inUse', idOf(textAt(value, 'network')), range, { why, place })
  },
}

function takeSubnet(facts: CloudFacts, { name, value, place }: Resource): void {
  const network = idOf(textAt(value, 'network')) ?? place.site ?? 'network'
  facts.network(network).name ??= network.replace(/^.*\//, '')
  const region = textAt(value, 'region')?.replace(/^.*\//, '')
  const why = region === undefined ? `subnet ${name}` : `subnet ${name} in ${region}`
  const purpose = textAt(value, 'purpose') ?? 'PRIVATE'
  const isForHosts = purpose === 'PRIVATE' || purpose === 'PRIVATE_RFC_1918' || purpose === 'NONE'
  const range = textAt(value, 'ipCidrRange')
  if (range !== undefined)
    facts.range(isForHosts ? 'subnets' : 'inUse', network, range, {
      why: isForHosts ? why : `${why}, for ${purpose}`,
      place,
    })
  for (const one of listAt(value, 'secondaryIpRanges')) {
    const second = textAt(one, 'ipCidrRange')
    const called = textAt(one, 'rangeName') ?? 'without a name'
    if (second !== undefined)
      facts.range('inUse', network, second, { why: `secondary range ${called} of ${why}`, place })
  }
}

function takeGateway(facts: CloudFacts, { id, value, place }: Resource): void {
  const gateway = facts.gateway(id)
  gateway.platform = 'gcp'
  gateway.place ??= place
  gateway.network ??= idOf(textAt(value, 'network'))
}

function takeTunnel(facts: CloudFacts, { id, name, value, place }: Resource): void {
  const gateway = idOf(textAt(value, 'vpnGateway') ?? textAt(value, 'targetVpnGateway'))
  const address = textAt(value, 'peerIp')
  const other = idOf(textAt(value, 'peerExternalGateway') ?? textAt(value, 'peerGcpGateway'))
  const peer = other ?? address
  if (gateway === undefined || peer === undefined) return
  facts.gateway(gateway).platform = 'gcp'
  const known = facts.peer(peer)
  known.name ??= other === undefined ? name : other.replace(/^.*\//, '')
  known.place ??= place
  if (address !== undefined)
    known.addresses.push({ value: address, why: `peer of ${name}`, file: place.file, line: place.line })
  const remote = textsAt(value, 'remoteTrafficSelector').filter((one) => one !== '0.0.0.0/0')
  for (const range of remote) {
    const said = facts.prefix(range, { why: `remote traffic selector of ${name}`, place })
    if (said) known.prefixes.push(said)
  }
  const settings = {
    ...(remote.length > 0 ? {} : { mode: 'route' as const }),
    ...(at(value, 'ikeVersion') === 1 ? { ike: { version: 1 as const } } : {}),
  }
  facts.connections.push({ id, gateway, peer, place, settings, standby: [] })
}

/** The same object is named by a whole address or from the project on. */
function idOf(text: string | undefined): string | undefined {
  return text?.toLowerCase().replace(/^https?:\/\/[^/]+\/(compute\/)?(v1|beta|alpha)\//, '')
}
