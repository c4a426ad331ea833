import { describe, expect, it } from 'vitest'
import { importTexts } from '../../../../../test/support/import-texts.ts'

const texts = (objects: Readonly<Record<string, object>>) =>
  Object.fromEntries(Object.entries(objects).map(([name, value]) => [name, JSON.stringify(value)]))
const readWhole = (objects: Readonly<Record<string, object>>) => importTexts(texts(objects))

/** Without the files for keys, of which one test tells. */
async function read(objects: Readonly<Record<string, object>>) {
  const imported = await readWhole(objects)
  const { tunnels, ...others } = imported.network
  const bare = tunnels?.map(({ preSharedKey: _, ...tunnel }) => tunnel)
  const network = { ...others, ...(bare ? { tunnels: bare } : {}) }
  return { ...imported, network, said: imported.said.filter((one) => !one.includes(' IMPORT_KEYS ')) }
}

const vpc = (id: string, range: string, name?: string) => ({
  VpcId: id,
  CidrBlock: range,
  Tags: name === undefined ? [] : [{ Key: 'Name', Value: name }],
})
const connection = (more: object = {}) => ({
  VpnConnectionId: 'vpn-1',
  VpnGatewayId: 'vgw-1',
  CustomerGatewayId: 'cgw-1',
  State: 'available',
  Routes: [{ DestinationCidrBlock: '192.168.9.0/24', State: 'available' }],
  Options: { TunnelOptions: [{ OutsideIpAddress: '203.0.113.1' }] },
  ...more,
})
const attached = { VpnGateways: [{ VpnGatewayId: 'vgw-1', VpcAttachments: [{ VpcId: 'vpc-1', State: 'attached' }] }] }
const oneVpc = { 'v.json': { Vpcs: [vpc('vpc-1', '10.0.0.0/16', 'main')] }, 'g.json': attached }

describe('aws', () => {
  it('joins a VPC and a customer gateway', async () => {
    const { network, said, leftOut } = await read({ ...oneVpc, 'c.json': { VpnConnections: [connection()] } })
    expect(network).toEqual({
      sites: {
        main: { subnets: ['10.0.0.0/16'], gateway: { platform: 'aws', outside: { address: '203.0.113.1' } } },
        'cgw-1': { subnets: ['192.168.9.0/24'] },
      },
      tunnels: [{ sites: ['main', 'cgw-1'], mode: 'route' }],
    })
    expect({ said, leftOut }).toEqual({ said: [], leftOut: [] })
  })

  it('reads addresses out of the configuration for the customer, and no key', async () => {
    const side = (name: string, outside: string, inside: string) =>
      `<${name}><tunnel_outside_address><ip_address>${outside}</ip_address></tunnel_outside_address><tunnel_inside_address><ip_address>${inside}</ip_address></tunnel_inside_address></${name}>`
    const tunnel = (number: number) =>
      `<ipsec_tunnel>${side('customer_gateway', '192.0.2.9', `169.254.${number}.2`)}${side('vpn_gateway', `203.0.113.${number}`, `169.254.${number}.1`)}<ike><pre_shared_key>SECRET</pre_shared_key></ike></ipsec_tunnel>`
    const xml = `<vpn_connection>\n${tunnel(7)}\n${tunnel(8)}</vpn_connection>`
    const alone = connection({ Options: {}, CustomerGatewayConfiguration: xml })
    const imported = await read({ ...oneVpc, 'c.json': { VpnConnections: [alone] } })
    expect(imported.network.sites['main']?.gateway?.outside.address).toBe('203.0.113.7')
    expect(imported.network.sites['main']?.gateway?.uplinks).toEqual({ second: { address: '203.0.113.8' } })
    expect(imported.network.tunnels).toEqual([
      { sites: ['main', 'cgw-1'], mode: 'route', link: '169.254.7.0/30' },
      { sites: ['main', 'cgw-1'], mode: 'route', link: '169.254.8.0/30', uplinks: { main: 'second' } },
    ])
    expect(imported.text).toContain('cgw-1: # its gateway is 192.0.2.9')
    expect(imported.leftOut).toEqual([])
    expect(JSON.stringify(imported)).not.toContain('SECRET')
  })

  const algorithms = (phase1: readonly string[]) => ({
    OutsideIpAddress: '203.0.113.1',
    Phase1EncryptionAlgorithms: phase1.map((Value) => ({ Value })),
    Phase1IntegrityAlgorithms: [{ Value: 'SHA2-512' }],
    Phase1DHGroupNumbers: [{ Value: 21 }],
    Phase2EncryptionAlgorithms: [{ Value: 'AES128' }],
    Phase2IntegrityAlgorithms: [{ Value: 'SHA1' }],
    Phase2DHGroupNumbers: [{ Value: 2 }],
  })

  it.each([
    [
      'one of each',
      ['AES256'],
      {
        ike: { encryption: 'aes256', hash: 'sha512', dhGroup: 21 },
        esp: { encryption: 'aes128', hash: 'sha1', dhGroup: 2 },
      },
    ],
    ['several', ['AES128', 'AES256'], undefined],
    ['none', [], undefined],
    ['one that is not known', ['CHACHA20'], undefined],
  ])('has a proposal of what a tunnel takes: %s', async (_, phase1, wanted) => {
    const options = { TunnelOptions: [algorithms(phase1)] }
    const { network } = await read({ ...oneVpc, 'c.json': { VpnConnections: [connection({ Options: options })] } })
    expect(network.tunnels?.[0]?.proposal).toEqual(wanted)
  })

  it('has no proposal where ESP has no hash and its cipher needs one', async () => {
    const options = { TunnelOptions: [{ ...algorithms(['AES256']), Phase2IntegrityAlgorithms: [] }] }
    const { network } = await read({ ...oneVpc, 'c.json': { VpnConnections: [connection({ Options: options })] } })
    expect(network.tunnels?.[0]?.proposal).toBeUndefined()
  })

  it('knows the VPC of a VPN gateway by its route tables too, and asks for it where nothing says it', async () => {
    const { 'v.json': vpcs } = oneVpc
    const connections = { VpnConnections: [connection()] }
    const tables = { RouteTables: [{ VpcId: 'vpc-1', PropagatingVgws: [{ GatewayId: 'vgw-1' }] }] }
    const known = await read({ 'v.json': vpcs, 'c.json': connections, 'r.json': tables })
    expect(known.network.tunnels).toHaveLength(1)
    const unknown = await read({ 'v.json': vpcs, 'c.json': connections })
    expect(unknown.network.tunnels).toBeUndefined()
    expect(unknown.said).toEqual([
      'c.json:1 IMPORT_INCOMPLETE in which network the VPN gateway vgw-1 is stands in no text',
    ])
  })

  it('asks for the gateways where connections alone are given, and tells where a peer without subnets stands', async () => {
    const id = (kind: string, name: string) =>
      `/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/${kind}/${name}`
    const one = {
      name: 'to-hq',
      id: id('connections', 'to-hq'),
      type: 'Microsoft.Network/connections',
      connectionType: 'IPsec',
      sharedKey: 'EXAMPLE-ONLY-KEY',
      virtualNetworkGateway1: { id: id('virtualNetworkGateways', 'gw') },
      localNetworkGateway2: { id: id('localNetworkGateways', 'hq') },
    }
    const { said } = await read({ 'c.json': [one] })
    expect(said.toSorted()).toEqual([
      'c.json:1 IMPORT_INCOMPLETE hq: which subnets it has stands in no text',
      'c.json:1 IMPORT_INCOMPLETE in which network the VPN gateway gw is stands in no text',
    ])
  })

  const both = (...addresses: (string | undefined)[]) => ({
    Options: { TunnelOptions: addresses.map((OutsideIpAddress) => ({ OutsideIpAddress })) },
  })

  it('names a file for the key of each tunnel', async () => {
    const pair = { ...oneVpc, 'c.json': { VpnConnections: [connection(both('203.0.113.1', '203.0.113.9'))] } }
    const { network, said, text } = await readWhole(pair)
    const files = ['keys/main-cgw-1.psk', 'keys/main-cgw-1-second.psk']
    expect(network.tunnels?.map(({ preSharedKey }) => preSharedKey)).toEqual(files.map((file) => ({ file })))
    expect(said).toEqual([expect.stringContaining(`c.json:1 IMPORT_KEYS the keys of 2 tunnels`)])
    expect(text).toContain('address: 203.0.113.9 # second tunnel of vpn-1 (c.json:1)')
  })

  it('leaves a second tunnel out whose address stands nowhere', async () => {
    const one = { ...oneVpc, 'c.json': { VpnConnections: [connection(both('203.0.113.1', undefined))] } }
    const { network, leftOut } = await read(one)
    expect(network.tunnels).toHaveLength(1)
    expect(network.sites['main']?.gateway).not.toHaveProperty('uplinks')
    expect(leftOut).toMatchObject([{ what: 'further tunnels whose own address is in none of the texts', count: 1 }])
  })

  it('gives each connection the addresses that it has', async () => {
    const second = connection({
      VpnConnectionId: 'vpn-2',
      CustomerGatewayId: 'cgw-2',
      Options: { TunnelOptions: [{ OutsideIpAddress: '203.0.113.2' }] },
    })
    const { network, said } = await read({ ...oneVpc, 'c.json': { VpnConnections: [connection(), second] } })
    expect(network.tunnels).toEqual([
      { sites: ['main', 'cgw-1'], mode: 'route' },
      { sites: ['main', 'cgw-2'], mode: 'route', uplinks: { main: 'second' } },
    ])
    expect(network.sites['main']?.gateway?.uplinks).toEqual({ second: { address: '203.0.113.2' } })
    expect(said).toEqual([])
  })

  it.each<[string, object, string]>([
    ['that were deleted', { State: 'deleted' }, 'VPN connections that were deleted'],
    [
      'of a transit gateway',
      { TransitGatewayId: 'tgw-1', VpnGatewayId: undefined },
      'VPN connections of a transit gateway',
    ],
  ])('leaves connections out %s', async (_, more, what) => {
    const { network, leftOut } = await read({ ...oneVpc, 'c.json': { VpnConnections: [connection(more)] } })
    expect(network.tunnels).toBeUndefined()
    expect(leftOut).toMatchObject([{ what: expect.stringContaining(what), count: 1, file: 'c.json' }])
  })

  it('asks for the subnets of a peer whose routes come by BGP', async () => {
    const { network, said } = await read({ ...oneVpc, 'c.json': { VpnConnections: [connection({ Routes: [] })] } })
    expect(network.sites['cgw-1']).toEqual({ subnets: [] })
    expect(said).toEqual([expect.stringContaining('cgw-1: which subnets it has stands in no text')])
  })

  it('reserves the rest of a VPC, and nothing where a subnet is all of it', async () => {
    const subnet = (range: string) => ({ Subnets: [{ SubnetId: 'subnet-1', VpcId: 'vpc-1', CidrBlock: range }] })
    const part = await read({ ...oneVpc, 's.json': subnet('10.0.1.0/24') })
    expect(part.network.sites['main']).toEqual({ subnets: ['10.0.1.0/24'], reserved: ['10.0.0.0/16'] })
    const all = await read({ ...oneVpc, 's.json': subnet('10.0.0.0/16') })
    expect(all.network.sites['main']).toEqual({ subnets: ['10.0.0.0/16'] })
  })
})

describe('sites of networks', () => {
  const vpcs = {
    Vpcs: [vpc('vpc-1', '10.0.0.0/16', 'a b'), vpc('vpc-2', '10.1.0.0/16', 'a b'), vpc('vpc-3', '10.2.0.0/16')],
  }

  it('have names of their own', async () => {
    const { network } = await read({ 'v.json': vpcs })
    expect(Object.keys(network.sites)).toEqual(['a-b', 'a-b-2', 'vpc-3'])
  })

  it('are one where somebody said of which they are', async () => {
    const { network, reasons } = await read({ 'cloud=v.json': vpcs })
    expect(network.sites).toEqual({ cloud: { subnets: ['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0/16'] } })
    expect(reasons.map(({ path }) => path.at(-1))).toEqual([0, 1, 2])
  })

  it('are reserved space where that is asked for', async () => {
    const subnets = {
      Subnets: [
        { VpcId: 'vpc-1', CidrBlock: '10.0.1.0/24' },
        { VpcId: 'vpc-9', CidrBlock: '10.9.1.0/24' },
      ],
    }
    const { network } = await importTexts(texts({ 'cloud=v.json': vpcs, 'cloud=s.json': subnets }), 'reserved')
    expect(network.sites).toEqual({
      cloud: { subnets: [], reserved: ['10.0.0.0/16', '10.1.0.0/16', '10.2.0.0/16', '10.9.1.0/24'] },
    })
  })
})

const azure = '/subscriptions/0/resourceGroups/net/providers/Microsoft.Network/'
const vnet = (name: string, range: string) => ({
  id: `${azure}virtualNetworks/${name}`,
  name,
  addressSpace: { addressPrefixes: [range] },
  subnets: [],
})
const vnetGateway = (name: string, network: string, more: object = {}) => ({
  id: `${azure}virtualNetworkGateways/${name}`,
  name,
  gatewayType: 'Vpn',
  ipConfigurations: [
    {
      subnet: { id: `${azure}virtualNetworks/${network}/subnets/GatewaySubnet` },
      publicIPAddress: { id: `${azure}publicIPAddresses/${name}` },
    },
  ],
  ...more,
})
const publicAddress = (name: string, ipAddress: string) => ({
  id: `${azure}publicIPAddresses/${name}`,
  name,
  ipAddress,
})

describe('azure', () => {
  it('reads what the API wraps in properties, and lists of it', async () => {
    const { id, name, ...properties } = vnet('hub', '10.20.0.0/16')
    const { network } = await read({ 'x.json': { value: [{ id, name, properties }] } })
    expect(network.sites).toEqual({ hub: { subnets: ['10.20.0.0/16'] } })
  })

  it('takes a tunnel between two networks once', async () => {
    const between = (from: string, to: string) => ({
      id: `${azure}connections/${from}-${to}`,
      virtualNetworkGateway1: { id: `${azure}virtualNetworkGateways/${from}` },
      virtualNetworkGateway2: { id: `${azure}virtualNetworkGateways/${to}` },
      connectionProtocol: 'IKEv1',
    })
    const { network, said, leftOut } = await read({
      'n.json': [vnet('one', '10.1.0.0/16'), vnet('two', '10.2.0.0/16')],
      'g.json': [vnetGateway('g1', 'one'), vnetGateway('g2', 'two')],
      'a.json': [publicAddress('g1', '203.0.113.1'), publicAddress('g2', '203.0.113.2')],
      'c.json': [between('g1', 'g2'), between('g2', 'g1')],
    })
    expect(network.tunnels).toEqual([{ sites: ['one', 'two'], mode: 'route', ike: { version: 1 } }])
    expect(network.sites['two']?.gateway).toEqual({ platform: 'azure', outside: { address: '203.0.113.2' } })
    expect({ said, leftOut }).toEqual({ said: [], leftOut: [] })
  })

  const local = (name: string, address: string, range: string) => ({
    id: `${azure}localNetworkGateways/${name}`,
    name,
    gatewayIpAddress: address,
    localNetworkAddressSpace: { addressPrefixes: [range] },
  })
  const toOffice = (more: object = {}) => ({
    id: `${azure}connections/office`,
    virtualNetworkGateway1: { id: `${azure}virtualNetworkGateways/g1` },
    localNetworkGateway2: { id: `${azure}localNetworkGateways/office` },
    ...more,
  })
  const shown = (...tunnelIpAddresses: string[]) => ({
    bgpSettings: { bgpPeeringAddresses: tunnelIpAddresses.map((one) => ({ tunnelIpAddresses: [one] })) },
  })
  const active = (more: object = {}, ...addresses: string[]) => ({
    'n.json': [vnet('one', '10.1.0.0/16')],
    'g.json': [vnetGateway('g1', 'one', shown(...addresses))],
    'l.json': [local('office', '192.0.2.1', '192.168.5.0/24')],
    'c.json': [toOffice(more)],
  })

  it('has a tunnel to each of two active instances, and one key for both', async () => {
    const { network, leftOut } = await readWhole(active({}, '203.0.113.1', '203.0.113.1', '203.0.113.2'))
    const uplinks = { second: { address: '203.0.113.2' } }
    const gateway = { platform: 'azure', outside: { address: '203.0.113.1' }, uplinks }
    expect(network.sites['one']?.gateway).toEqual(gateway)
    const tunnel = { sites: ['one', 'office'], mode: 'route', preSharedKey: { file: 'keys/one-office.psk' } }
    expect(network.tunnels).toEqual([tunnel, { ...tunnel, uplinks: { one: 'second' } }])
    expect(leftOut).toEqual([])
  })

  it.each([
    ['one instance', active({}, '203.0.113.1')],
    ['selectors', active({ usePolicyBasedTrafficSelectors: true }, '203.0.113.1', '203.0.113.2')],
  ])('has one tunnel with %s', async (_, objects) => {
    const { network } = await read(objects)
    expect(network.tunnels).toHaveLength(1)
    expect(network.sites['one']?.gateway).not.toHaveProperty('uplinks')
  })

  it('asks for the address of a gateway, and leaves ExpressRoute out', async () => {
    const networks = [vnet('one', '10.1.0.0/16')]
    const asked = await read({ 'n.json': networks, 'g.json': [vnetGateway('g1', 'one')] })
    expect(asked.said).toEqual([expect.stringContaining('one: which address the VPN gateway g1 has')])
    const express = await read({
      'n.json': networks,
      'g.json': [vnetGateway('g1', 'one', { gatewayType: 'ExpressRoute' })],
    })
    expect(express.said).toEqual([])
    expect(express.leftOut).toMatchObject([{ what: 'gateways of ExpressRoute' }])
  })
})

describe('google', () => {
  const project = 'https://www.googleapis.com/compute/v1/projects/p/'
  const subnet = {
    kind: 'compute#subnetwork',
    network: `${project}global/networks/core`,
    ipCidrRange: '10.1.0.0/20',
    name: 's',
  }
  const gateway = {
    kind: 'compute#vpnGateway',
    name: 'ha',
    selfLink: `${project}regions/r/vpnGateways/ha`,
    network: `${project}global/networks/core`,
    vpnInterfaces: [
      { id: 0, ipAddress: '203.0.113.1' },
      { id: 1, ipAddress: '203.0.113.2' },
    ],
  }
  const tunnel = (name: string, more: object = {}) => ({
    kind: 'compute#vpnTunnel',
    name,
    selfLink: `${project}regions/r/vpnTunnels/${name}`,
    vpnGateway: gateway.selfLink,
    peerExternalGateway: `${project}global/externalVpnGateways/office`,
    peerIp: '192.0.2.1',
    localTrafficSelector: ['0.0.0.0/0'],
    remoteTrafficSelector: ['0.0.0.0/0'],
    sharedSecret: 'SECRET',
    ...more,
  })

  it('has a route-based tunnel, the prefixes of its routes, and the second tunnel left out', async () => {
    const routes = [
      { kind: 'compute#route', name: 'r1', destRange: '192.168.5.0/24', nextHopVpnTunnel: tunnel('t1').selfLink },
      { kind: 'compute#route', name: 'r2', network: subnet.network, destRange: '10.77.0.0/16', nextHopPeering: 'x' },
      { kind: 'compute#route', name: 'r3', network: subnet.network, destRange: '0.0.0.0/0', nextHopGateway: 'x' },
    ]
    const imported = await read({
      's.json': [subnet],
      'g.json': [gateway],
      't.json': [tunnel('t1'), tunnel('t2')],
      'r.json': routes,
    })
    expect(imported.network).toEqual({
      sites: {
        core: {
          subnets: ['10.1.0.0/20'],
          reserved: ['10.77.0.0/16'],
          gateway: { platform: 'gcp', outside: { address: '203.0.113.1' } },
        },
        office: { subnets: ['192.168.5.0/24'] },
      },
      tunnels: [{ sites: ['core', 'office'], mode: 'route' }],
    })
    expect(imported.leftOut).toMatchObject([{ what: 'further tunnels between the same two sites', count: 1 }])
    expect(JSON.stringify(imported)).not.toContain('SECRET')
  })

  const classic = (name: string, address: string) => {
    const selfLink = `${project}regions/r/targetVpnGateways/${name}`
    return [
      { kind: 'compute#targetVpnGateway', name, selfLink, network: subnet.network },
      { kind: 'compute#forwardingRule', name, target: selfLink, IPAddress: address },
    ]
  }
  const classicTunnel = (name: string, through: string, more: object = {}) =>
    tunnel(name, {
      vpnGateway: undefined,
      targetVpnGateway: `${project}regions/r/targetVpnGateways/${through}`,
      ...more,
    })

  it('has the tunnels of two Classic gateways as two of one site', async () => {
    const { network, leftOut } = await read({
      's.json': [subnet],
      'g.json': [...classic('a', '203.0.113.1'), ...classic('b', '203.0.113.2')],
      't.json': [classicTunnel('t1', 'a'), classicTunnel('t2', 'b')],
    })
    expect(network.sites['core']?.gateway).toEqual({
      platform: 'gcp',
      outside: { address: '203.0.113.1' },
      uplinks: { second: { address: '203.0.113.2' } },
    })
    const one = { sites: ['core', 'office'], mode: 'route' }
    expect(network.tunnels).toEqual([one, { ...one, uplinks: { core: 'second' } }])
    expect(leftOut).toEqual([])
  })

  it('is joined with another cloud that it calls by its address', async () => {
    const { network } = await read({
      ...oneVpc,
      'c.json': { VpnConnections: [connection()] },
      'cg.json': { CustomerGateways: [{ CustomerGatewayId: 'cgw-1', IpAddress: '198.51.100.7' }] },
      's.json': [subnet],
      'gcp.json': [{ ...gateway, vpnInterfaces: [{ ipAddress: '198.51.100.7' }] }],
    })
    expect(network.tunnels).toEqual([{ sites: ['main', 'core'], mode: 'route' }])
    expect(Object.keys(network.sites)).toEqual(['main', 'core'])
  })

  it('is joined with a cloud whose connection has that address', async () => {
    const { network } = await read({
      ...oneVpc,
      'c.json': { VpnConnections: [connection()] },
      's.json': [subnet],
      'gcp.json': [{ ...gateway, vpnInterfaces: [{ ipAddress: '198.51.100.7' }] }],
      't.json': [tunnel('t1', { peerExternalGateway: undefined, peerIp: '203.0.113.1' })],
    })
    expect(network.tunnels?.map(({ sites }) => sites)).toContainEqual(['core', 'main'])
  })
})

describe('terraform', () => {
  const resource = (address: string, values: object) => ({ address, type: address.split('.').at(-2), values })
  const state = (...resources: object[]) => ({
    format_version: '1.0',
    terraform_version: '1.11.4',
    values: { root_module: { resources } },
  })

  it('counts subnets of a network that it does not have, when nothing names it', async () => {
    const { network, leftOut } = await read({
      't.json': state(resource('aws_subnet.a', { id: 'subnet-1', cidr_block: '10.0.0.0/24' })),
    })
    expect(network.sites).toEqual({})
    expect(leftOut).toMatchObject([{ what: 'ranges of networks that the text does not name', count: 1 }])
  })

  it('passes over what is none of networks, whatever it is called', async () => {
    const odd = ['__proto__', 'constructor', 'toString'].map((type) => ({
      address: `${type}.x`,
      type,
      values: { id: 'x' },
    }))
    const { network, said } = await read({
      't.json': state(...odd, { values: null }, resource('aws_vpc.a', { id: 'vpc-1', cidr_block: '10.0.0.0/16' })),
    })
    expect(network.sites).toEqual({ 'vpc-1': { subnets: ['10.0.0.0/16'] } })
    expect(said).toEqual([])
  })
})
