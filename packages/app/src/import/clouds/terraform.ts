import { at, listAt, textAt, textsAt } from '../json-values.ts'
import { takeAws } from './aws.ts'
import { takeAzure } from './azure.ts'
import type { CloudFacts, CloudPlace } from './cloud-facts.ts'
import { takeGoogle } from './google.ts'

/** A resource of a state or a plan, its values as the provider names them. */
interface Resource {
  readonly type: string
  /** With its module and, where there are several, its index. */
  readonly address: string
  readonly module: string
  readonly values: unknown
}

/** Takes a document of `terraform show -json`, of a state or a plan. */
export function takeTerraform(facts: CloudFacts, document: unknown, place: CloudPlace): void {
  const root = at(document, 'planned_values', 'root_module') ?? at(document, 'values', 'root_module')
  const resources = resourcesBelow(root)
  const references = referencesIn(at(document, 'configuration', 'root_module'))
  const known = new Set(resources.map(({ address }) => address))
  for (const resource of resources) {
    const refer = (key: string) =>
      references.get(withoutIndexes(resource.address))?.[key]?.find((one) => known.has(one))
    take(facts, { ...resource, place, refer })
  }
}

/** Takes a resource of a state file itself, with all that there are of it. */
export function takeStateResource(facts: CloudFacts, resource: unknown, place: CloudPlace): void {
  const [type, name] = [textAt(resource, 'type'), textAt(resource, 'name')]
  if (type === undefined || name === undefined) return
  for (const instance of listAt(resource, 'instances'))
    take(facts, { type, address: `${type}.${name}`, values: at(instance, 'attributes'), place, refer: () => undefined })
}

interface Taken extends Omit<Resource, 'module'> {
  readonly place: CloudPlace
  /** The resource that a value which is not known yet will be of. */
  readonly refer: (key: string) => string | undefined
}

function resourcesBelow(root: unknown): readonly Resource[] {
  const found: Resource[] = []
  const modules = [root]
  for (let module = modules.pop(); module !== undefined; module = modules.pop()) {
    modules.push(...listAt(module, 'child_modules'))
    for (const resource of listAt(module, 'resources')) {
      const [type, address] = [textAt(resource, 'type'), textAt(resource, 'address')]
      if (type === undefined || address === undefined) continue
      found.push({ type, address, module: textAt(module, 'address') ?? '', values: at(resource, 'values') })
    }
  }
  return found
}

type References = Readonly<Record<string, readonly string[]>>

/** What the expressions of each resource refer to, by its address without indexes; references are within a module. */
function referencesIn(root: unknown): ReadonlyMap<string, References> {
  const found = new Map<string, References>()
  const modules: { readonly prefix: string; readonly module: unknown }[] = [{ prefix: '', module: root }]
  for (let one = modules.pop(); one; one = modules.pop()) {
    const { prefix, module } = one
    for (const [name, call] of entriesAt(module, 'module_calls'))
      modules.push({ prefix: `${prefix}module.${name}.`, module: at(call, 'module') })
    for (const resource of listAt(module, 'resources')) {
      const expressions = entriesAt(resource, 'expressions').map(([key, expression]) => {
        return [key, textsAt(expression, 'references').map((reference) => `${prefix}${reference}`)] as const
      })
      found.set(`${prefix}${textAt(resource, 'address') ?? ''}`, Object.fromEntries(expressions))
    }
  }
  return found
}

function entriesAt(value: unknown, key: string): readonly (readonly [string, unknown])[] {
  const found = at(value, key)
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? Object.entries(found) : []
}

function withoutIndexes(address: string): string {
  return address.replace(/\[[^\]]*\]/g, '')
}

/** Hands a resource to the reader of its cloud, as that cloud itself would list it. */
function take(facts: CloudFacts, { type, address, values, place, refer }: Taken): void {
  const text = (key: string) => textAt(values, key) ?? refer(key)
  const resource: Words = { text, values, id: textAt(values, 'id') ?? address, name: textAt(values, 'name') ?? address }
  const aws = Object.hasOwn(ofAws, type) ? ofAws[type]?.(resource) : undefined
  if (aws) takeAws(facts, { ...aws, place })
  const azure = Object.hasOwn(ofAzure, type) ? ofAzure[type]?.(resource) : undefined
  if (azure) takeAzure(facts, { value: azure, list: undefined, place })
  const google = Object.hasOwn(ofGoogle, type) ? ofGoogle[type]?.(resource) : undefined
  if (google) takeGoogle(facts, { value: google, list: undefined, place })
}

interface Words {
  /** A text, or the address of the resource that it will be of. */
  readonly text: (key: string) => string | undefined
  readonly values: unknown
  readonly id: string
  readonly name: string
}

function tagsOf({ values }: Words) {
  const name = textAt(values, 'tags', 'Name') ?? textAt(values, 'tags_all', 'Name')
  return name === undefined ? [] : [{ Key: 'Name', Value: name }]
}

const ofAws: Readonly<Record<string, (one: Words) => { readonly list: string; readonly value: object }>> = {
  aws_vpc: (one) => ({
    list: 'Vpcs',
    value: { VpcId: one.id, CidrBlock: one.text('cidr_block'), Tags: tagsOf(one) },
  }),
  aws_vpc_ipv4_cidr_block_association: ({ text }) => ({
    list: 'Vpcs',
    value: { VpcId: text('vpc_id'), CidrBlock: text('cidr_block') },
  }),
  aws_subnet: (one) => ({
    list: 'Subnets',
    value: { SubnetId: one.id, VpcId: one.text('vpc_id'), CidrBlock: one.text('cidr_block'), Tags: tagsOf(one) },
  }),
  aws_vpn_gateway: (one) => ({
    list: 'VpnGateways',
    value: { VpnGatewayId: one.id, VpcAttachments: [{ VpcId: one.text('vpc_id') }] },
  }),
  aws_vpn_gateway_attachment: ({ text }) => ({
    list: 'VpnGateways',
    value: { VpnGatewayId: text('vpn_gateway_id'), VpcAttachments: [{ VpcId: text('vpc_id') }] },
  }),
  aws_customer_gateway: (one) => ({
    list: 'CustomerGateways',
    value: {
      CustomerGatewayId: one.id,
      IpAddress: one.text('ip_address'),
      DeviceName: one.text('device_name'),
      Tags: tagsOf(one),
    },
  }),
  aws_vpn_connection: ({ id, text, values }) => ({
    list: 'VpnConnections',
    value: {
      VpnConnectionId: id,
      CustomerGatewayId: text('customer_gateway_id'),
      VpnGatewayId: text('vpn_gateway_id'),
      TransitGatewayId: text('transit_gateway_id'),
      Options: { TunnelOptions: ['tunnel1', 'tunnel2'].map((tunnel) => awsTunnel(values, tunnel)) },
    },
  }),
  aws_vpn_connection_route: ({ text }) => ({
    list: 'VpnRoutes',
    value: { VpnConnectionId: text('vpn_connection_id'), DestinationCidrBlock: text('destination_cidr_block') },
  }),
}

function awsTunnel(values: unknown, tunnel: string) {
  const listed = (key: string) => listAt(values, `${tunnel}_${key}`).map((Value) => ({ Value }))
  return {
    OutsideIpAddress: textAt(values, `${tunnel}_address`),
    TunnelInsideCidr: textAt(values, `${tunnel}_inside_cidr`),
    Phase1EncryptionAlgorithms: listed('phase1_encryption_algorithms'),
    Phase1IntegrityAlgorithms: listed('phase1_integrity_algorithms'),
    Phase1DHGroupNumbers: listed('phase1_dh_group_numbers'),
    Phase2EncryptionAlgorithms: listed('phase2_encryption_algorithms'),
    Phase2IntegrityAlgorithms: listed('phase2_integrity_algorithms'),
    Phase2DHGroupNumbers: listed('phase2_dh_group_numbers'),
  }
}

const ofAzure: Readonly<Record<string, (one: Words) => object>> = {
  azurerm_virtual_network: ({ id, name, values }) => ({
    id: azureId(id, 'virtualNetworks', name),
    name,
    addressSpace: { addressPrefixes: listAt(values, 'address_space') },
    subnets: listAt(values, 'subnet').map((subnet) => ({
      name: at(subnet, 'name'),
      addressPrefix: at(subnet, 'address_prefix'),
      addressPrefixes: listAt(subnet, 'address_prefixes'),
    })),
  }),
  azurerm_subnet: ({ id, name, text, values }) => ({
    id: id.includes('/')
      ? id.replace(/\/subnets\/[^/]+$/i, '')
      : azureId(id, 'virtualNetworks', text('virtual_network_name')),
    subnets: [{ name, addressPrefixes: listAt(values, 'address_prefixes') }],
  }),
  azurerm_public_ip: ({ id, name, text }) => ({
    id: azureId(id, 'publicIPAddresses', id),
    name,
    ipAddress: text('ip_address'),
  }),
  azurerm_virtual_network_gateway: ({ id, name, values }) => ({
    id: azureId(id, 'virtualNetworkGateways', id),
    name,
    gatewayType: textAt(values, 'type'),
    ipConfigurations: listAt(values, 'ip_configuration').map((one) => ({
      subnet: { id: at(one, 'subnet_id') },
      publicIPAddress: { id: at(one, 'public_ip_address_id') },
    })),
  }),
  azurerm_local_network_gateway: ({ id, name, text, values }) => ({
    id: azureId(id, 'localNetworkGateways', id),
    name,
    gatewayIpAddress: text('gateway_address'),
    fqdn: text('gateway_fqdn'),
    localNetworkAddressSpace: { addressPrefixes: listAt(values, 'address_space') },
  }),
  azurerm_virtual_network_gateway_connection: ({ id, text, values }) => {
    const [policy] = listAt(values, 'ipsec_policy')
    const reference = (key: string, kind: string) => ({ id: azureReference(text(key), kind) })
    return {
      id: azureId(id, 'connections', id),
      virtualNetworkGateway1: reference('virtual_network_gateway_id', 'virtualNetworkGateways'),
      localNetworkGateway2: reference('local_network_gateway_id', 'localNetworkGateways'),
      virtualNetworkGateway2: reference('peer_virtual_network_gateway_id', 'virtualNetworkGateways'),
      usePolicyBasedTrafficSelectors: at(values, 'use_policy_based_traffic_selectors'),
      connectionProtocol: text('connection_protocol'),
      ipsecPolicies: policy === undefined ? [] : [azurePolicy(policy)],
    }
  },
}

function azurePolicy(policy: unknown) {
  return {
    ikeEncryption: at(policy, 'ike_encryption'),
    ikeIntegrity: at(policy, 'ike_integrity'),
    dhGroup: at(policy, 'dh_group'),
    ipsecEncryption: at(policy, 'ipsec_encryption'),
    ipsecIntegrity: at(policy, 'ipsec_integrity'),
    pfsGroup: at(policy, 'pfs_group'),
  }
}

/** The id, or one of its form for what is only planned. */
function azureId(id: string, kind: string, name: string | undefined): string {
  return id.includes('/providers/') ? id : `/planned/providers/Microsoft.Network/${kind}/${name ?? id}`
}

function azureReference(id: string | undefined, kind: string): string | undefined {
  return id === undefined ? undefined : azureId(id, kind, id)
}

const ofGoogle: Readonly<Record<string, (one: Words) => object>> = {
  google_compute_network: googleObject('network', () => ({})),
  google_compute_subnetwork: googleObject('subnetwork', ({ text, values }) => ({
    network: text('network'),
    region: text('region'),
    ipCidrRange: text('ip_cidr_range'),
    purpose: text('purpose'),
    secondaryIpRanges: listAt(values, 'secondary_ip_range').map((one) => ({
      rangeName: at(one, 'range_name'),
      ipCidrRange: at(one, 'ip_cidr_range'),
    })),
  })),
  google_compute_vpn_gateway: googleObject('targetVpnGateway', ({ text }) => ({ network: text('network') })),
  google_compute_ha_vpn_gateway: googleObject('vpnGateway', ({ text, values }) => ({
    network: text('network'),
    vpnInterfaces: listAt(values, 'vpn_interfaces').map((one) => ({ ipAddress: at(one, 'ip_address') })),
  })),
  google_compute_forwarding_rule: googleObject('forwardingRule', ({ text }) => ({
    target: text('target'),
    IPAddress: text('ip_address'),
  })),
  google_compute_external_vpn_gateway: googleObject('externalVpnGateway', ({ values }) => ({
    interfaces: listAt(values, 'interface').map((one) => ({ ipAddress: at(one, 'ip_address') })),
  })),
  google_compute_vpn_tunnel: googleObject('vpnTunnel', ({ text, values }) => ({
    vpnGateway: text('vpn_gateway'),
    targetVpnGateway: text('target_vpn_gateway'),
    peerIp: text('peer_ip'),
    peerExternalGateway: text('peer_external_gateway'),
    peerGcpGateway: text('peer_gcp_gateway'),
    remoteTrafficSelector: listAt(values, 'remote_traffic_selector'),
    ikeVersion: at(values, 'ike_version'),
  })),
  google_compute_route: googleObject('route', ({ text }) => ({
    network: text('network'),
    destRange: text('dest_range'),
    nextHopVpnTunnel: text('next_hop_vpn_tunnel'),
  })),
}

function googleObject(kind: string, valuesOf: (one: Words) => object): (one: Words) => object {
  return (one) => ({
    kind: `compute#${kind}`,
    name: one.name,
    selfLink: textAt(one.values, 'self_link') ?? one.id,
    ...valuesOf(one),
  })
}
