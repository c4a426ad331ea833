/**
 * What the files for Terraform may hold: the JSON syntax of the language as far as natplan writes it, and of each resource the arguments that
 * natplan writes, with the values that the providers take. Anything else is refused.
 *
 * Sources: Terraform language, "JSON Configuration Syntax" and "Checks" (since 1.5); the pages of these resources in the documentation of the
 * providers hashicorp/azurerm (3.60 and 4), hashicorp/aws (5) and hashicorp/google (4 to 6). Values of the tunnel options of AWS: EC2 API,
 * VpnTunnelOptionsSpecification. Names in Google Cloud: RFC 1035, as the page of google_compute_vpn_tunnel says.
 */

const cidr = { type: 'string', pattern: '^(\\d{1,3}\\.){3}\\d{1,3}/\\d{1,2}$' }
const ipv4 = { type: 'string', pattern: '^(\\d{1,3}\\.){3}\\d{1,3}$' }
const cidrs = { type: 'array', items: cidr, minItems: 1, uniqueItems: true }
const given = { type: 'string', pattern: '^\\$\\{var\\.[a-z][a-z0-9_]*\\}$' }
const idOf = (type: string) => ({ type: 'string', pattern: `^\\$\\{${type}\\.[a-z][a-z0-9_]*\\.id\\}$` })
/** `together`: of each list all or none. */
const exactly = (properties: object, optional: object = {}, together: readonly (readonly string[])[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties: { ...properties, ...optional },
  ...(together.length === 0
    ? {}
    : { dependencies: Object.fromEntries(together.flatMap((keys) => keys.map((key) => [key, keys]))) }),
})
const only = (item: object) => ({ type: 'array', items: item, minItems: 1, maxItems: 1 })
/** The name of something inside the file. */
const named = (body: object) => ({
  type: 'object',
  additionalProperties: false,
  minProperties: 1,
  patternProperties: { '^[a-z][a-z0-9_-]*$': body },
})
const enumOf = (...values: readonly (string | number)[]) => ({ enum: values })

const azureName = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,78}[A-Za-z0-9_]$' }
const azurePlace = { resource_group_name: given, location: given }

const azurerm = {
  azurerm_local_network_gateway: exactly({
    name: azureName,
    ...azurePlace,
    gateway_address: ipv4,
    address_space: cidrs,
  }),
  azurerm_virtual_network_gateway_connection: exactly(
    {
      name: azureName,
      ...azurePlace,
      type: { const: 'IPsec' },
      virtual_network_gateway_id: given,
      local_network_gateway_id: idOf('azurerm_local_network_gateway'),
      shared_key: given,
      connection_protocol: enumOf('IKEv1', 'IKEv2'),
      connection_mode: enumOf('Default', 'InitiatorOnly', 'ResponderOnly'),
      dpd_timeout_seconds: { type: 'integer', minimum: 9, maximum: 3600 },
      ipsec_policy: only(
        exactly({
          dh_group: enumOf('DHGroup1', 'DHGroup14', 'DHGroup2', 'DHGroup2048', 'DHGroup24', 'ECP256', 'ECP384', 'None'),
          ike_encryption: enumOf('AES128', 'AES192', 'AES256', 'DES', 'DES3', 'GCMAES128', 'GCMAES256'),
          ike_integrity: enumOf('GCMAES128', 'GCMAES256', 'MD5', 'SHA1', 'SHA256', 'SHA384'),
          ipsec_encryption: enumOf(
            'AES128',
            'AES192',
            'AES256',
            'DES',
            'DES3',
            'GCMAES128',
            'GCMAES192',
            'GCMAES256',
            'None',
          ),
          ipsec_integrity: enumOf('GCMAES128', 'GCMAES192', 'GCMAES256', 'MD5', 'SHA1', 'SHA256'),
          pfs_group: enumOf('ECP256', 'ECP384', 'None', 'PFS1', 'PFS14', 'PFS2', 'PFS2048', 'PFS24', 'PFSMM'),
          sa_lifetime: { type: 'integer', minimum: 300 },
          sa_datasize: { type: 'integer', minimum: 1024 },
        }),
      ),
      use_policy_based_traffic_selectors: { type: 'boolean' },
    },
    {
      traffic_selector_policy: {
        type: 'array',
        minItems: 1,
        items: exactly({ local_address_cidrs: cidrs, remote_address_cidrs: cidrs }),
      },
      egress_nat_rule_ids: { type: 'array', minItems: 1, items: idOf('azurerm_virtual_network_gateway_nat_rule') },
      ingress_nat_rule_ids: { type: 'array', minItems: 1, items: idOf('azurerm_virtual_network_gateway_nat_rule') },
    },
  ),
  azurerm_virtual_network_gateway_nat_rule: exactly(
    {
      name: azureName,
      resource_group_name: given,
      virtual_network_gateway_id: given,
      mode: enumOf('EgressSnat', 'IngressSnat'),
      type: enumOf('Static', 'Dynamic'),
      internal_mapping: only(exactly({ address_space: cidr })),
      external_mapping: only(exactly({ address_space: cidr })),
    },
    { ip_configuration_id: given },
  ),
}

const tags = exactly({ Name: { type: 'string', maxLength: 256 } })
const awsHash = enumOf('SHA1', 'SHA2-256', 'SHA2-384', 'SHA2-512')
const awsCipher = enumOf('AES128', 'AES256', 'AES128-GCM-16', 'AES256-GCM-16')

/** The arguments of one of the two tunnels of a connection. */
function tunnel(name: string): Readonly<Record<'needed' | 'possible', object>> {
  const called = (all: object) => Object.fromEntries(Object.entries(all).map(([key, one]) => [`${name}_${key}`, one]))
  return {
    needed: called({
      preshared_key: given,
      ike_versions: only(enumOf('ikev1', 'ikev2')),
      phase1_encryption_algorithms: only(awsCipher),
      phase1_integrity_algorithms: only(awsHash),
      phase1_dh_group_numbers: only(enumOf(2, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24)),
      phase1_lifetime_seconds: { type: 'integer', minimum: 900, maximum: 28_800 },
      phase2_encryption_algorithms: only(awsCipher),
      phase2_dh_group_numbers: only(enumOf(2, 5, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24)),
      phase2_lifetime_seconds: { type: 'integer', minimum: 900, maximum: 3600 },
      startup_action: enumOf('add', 'start'),
      dpd_timeout_action: enumOf('clear', 'none', 'restart'),
      dpd_timeout_seconds: { type: 'integer', minimum: 30 },
    }),
    possible: called({
      inside_cidr: { type: 'string', pattern: '^169\\.254\\.\\d{1,3}\\.\\d{1,3}/30$' },
      phase2_integrity_algorithms: only(awsHash),
    }),
  }
}

const aws = {
  aws_customer_gateway: exactly({ bgp_asn: { const: '65000' }, ip_address: ipv4, type: { const: 'ipsec.1' }, tags }),
  aws_vpn_connection: exactly(
    {
      customer_gateway_id: idOf('aws_customer_gateway'),
      vpn_gateway_id: given,
      type: { const: 'ipsec.1' },
      static_routes_only: { const: true },
      local_ipv4_network_cidr: cidr,
      remote_ipv4_network_cidr: cidr,
      ...tunnel('tunnel1').needed,
      tags,
    },
    { ...tunnel('tunnel1').possible, ...tunnel('tunnel2').needed, ...tunnel('tunnel2').possible },
    ['tunnel1', 'tunnel2'].map((name) => Object.keys(tunnel(name).needed)),
  ),
  aws_vpn_connection_route: exactly({ vpn_connection_id: idOf('aws_vpn_connection'), destination_cidr_block: cidr }),
  aws_vpn_gateway_route_propagation: exactly({
    for_each: { const: `$${'{var.route_table_ids}'}` },
    vpn_gateway_id: given,
    route_table_id: { const: `$${'{each.value}'}` },
  }),
}

const googleName = { type: 'string', pattern: '^[a-z]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 }

const google = {
  google_compute_vpn_tunnel: exactly({
    name: googleName,
    region: given,
    target_vpn_gateway: given,
    peer_ip: ipv4,
    shared_secret: given,
    ike_version: enumOf(1, 2),
    local_traffic_selector: cidrs,
    remote_traffic_selector: cidrs,
  }),
  google_compute_route: exactly({
    name: googleName,
    network: given,
    dest_range: cidr,
    priority: { type: 'integer', minimum: 0, maximum: 65_535 },
    next_hop_vpn_tunnel: idOf('google_compute_vpn_tunnel'),
  }),
}

const bodies = { ...azurerm, ...aws, ...google }

export const terraformSchema = {
  ...exactly(
    {
      '//': { type: 'string' },
      terraform: exactly({
        required_version: { type: 'string', pattern: '^>= \\d+\\.\\d+$' },
        required_providers: {
          type: 'object',
          additionalProperties: false,
          minProperties: 1,
          maxProperties: 1,
          patternProperties: {
            '^(azurerm|aws|google)$': exactly({
              source: { type: 'string', pattern: '^hashicorp/(azurerm|aws|google)$' },
              version: { type: 'string', pattern: '^>= \\d+\\.\\d+$' },
            }),
          },
        },
      }),
      variable: named(
        exactly(
          { description: { type: 'string' }, type: enumOf('string', 'set(string)') },
          { default: { type: 'array', maxItems: 0 }, sensitive: { const: true } },
        ),
      ),
      resource: {
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        properties: Object.fromEntries(Object.entries(bodies).map(([type, body]) => [type, named(body)])),
      },
    },
    {
      output: named(exactly({ description: { type: 'string' }, value: { type: 'string' } })),
      check: named(exactly({ assert: exactly({ condition: { type: 'string' }, error_message: { type: 'string' } }) })),
    },
  ),
}
