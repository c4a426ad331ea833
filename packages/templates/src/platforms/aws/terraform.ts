import { textOf as addressText, type GatewayPolicy } from '@natplan/core'
import { type Body, keyVariable, reference, type TerraformFile, variable } from '../../clouds/terraform.ts'
import { type CloudConnection, type CloudTunnel, cloudConnections, identifier } from '../../clouds/tunnels.ts'
import { asNumber, insideOf, routeName, selectorsOf, tunnelOptions } from './view.ts'

const customer = 'aws_customer_gateway'
const connection = 'aws_vpn_connection'
const gateway = { vpn_gateway_id: reference('var', 'vpn_gateway_id') }

export function awsTerraform(policy: GatewayPolicy, tunnels: readonly CloudTunnel[]): TerraformFile {
  const { site } = policy
  const connections = cloudConnections(tunnels)
  const places = connections.flatMap(({ first, tunnels: both }) =>
    both.map((one, index) => ({ one, value: [connection, identifier(first.label), `tunnel${index + 1}_address`] })),
  )
  const byLabel = (body: (one: CloudConnection) => Body) =>
    Object.fromEntries(connections.map((one) => [identifier(one.first.label), body(one)]))
  return {
    '//': `Made by natplan for ${site}: its VPN connections. The virtual private gateway itself exists already. A second tunnel of a connection that the plan does not have gets a key that AWS generates, and stays down.`,
    terraform: {
      required_version: '>= 1.5',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.0' } },
    },
    variable: {
      vpn_gateway_id: variable('The id of the virtual private gateway, attached to the VPC.'),
      route_table_ids: {
        description: 'The route tables of the VPC whose subnets talk to the peers: they get the routes of the gateway.',
        type: 'set(string)',
        default: [],
      },
      ...Object.fromEntries(tunnels.map((one) => [one.terraformKey, keyVariable(one.tunnel.peer)])),
    },
    resource: {
      [customer]: byLabel(({ first }) => customerBody(first)),
      [connection]: byLabel((one) => connectionBody(policy, one)),
      aws_vpn_connection_route: Object.fromEntries(connections.flatMap(({ first }) => routeBodies(first))),
      aws_vpn_gateway_route_propagation: {
        natplan: {
          for_each: reference('var', 'route_table_ids'),
          ...gateway,
          route_table_id: reference('each', 'value'),
        },
      },
    },
    output: Object.fromEntries(
      places.map(({ one, value }) => [
        identifier(one.label, 'outside_address'),
        {
          description: `Where ${one.tunnel.site} finds the tunnel: ${inPlanOf(policy, one)} of the plan.`,
          value: reference(...value),
        },
      ]),
    ),
    check: Object.fromEntries(
      places.map(({ one, value }) => {
        const planned = addressText(one.tunnel.local.address)
        return [
          identifier(one.label, 'outside_address'),
          {
            assert: {
              condition: `\${${value.join('.')} == "${planned}"}`,
              error_message: `The plan says ${planned} for ${site}, but AWS chose another address: write the one from the output as ${inPlanOf(policy, one)} and generate again.`,
            },
          },
        ]
      }),
    ),
  }
}

/** Where the plan has the address of a tunnel. */
function inPlanOf({ site, outside }: GatewayPolicy, { tunnel }: CloudTunnel): string {
  const isFirst = addressText(outside.address) === addressText(tunnel.local.address)
  return `sites.${site}.gateway.${isFirst ? 'outside.address' : 'uplinks, the one of this tunnel,'}`
}

function customerBody({ label, tunnel }: CloudTunnel): Body {
  return {
    bgp_asn: String(asNumber),
    ip_address: addressText(tunnel.remote.address),
    type: 'ipsec.1',
    tags: { Name: `natplan-${label}` },
  }
}

function connectionBody(policy: GatewayPolicy, { first, tunnels }: CloudConnection): Body {
  const { local, remote } = selectorsOf(first)
  return {
    customer_gateway_id: reference(customer, identifier(first.label), 'id'),
    ...gateway,
    type: 'ipsec.1',
    static_routes_only: true,
    local_ipv4_network_cidr: local,
    remote_ipv4_network_cidr: remote,
    ...Object.fromEntries(tunnels.flatMap((one, index) => tunnelArguments(policy, one, `tunnel${index + 1}`))),
    tags: { Name: `natplan-${first.label}` },
  }
}

/** A connection has those of both its tunnels beside each other. */
function tunnelArguments(policy: GatewayPolicy, one: CloudTunnel, name: string): (readonly [string, unknown])[] {
  const options = tunnelOptions(one.tunnel)
  const all: Readonly<Record<string, unknown>> = {
    inside_cidr: insideOf(policy, one),
    preshared_key: reference('var', one.terraformKey),
    ike_versions: [options.ikeVersion],
    phase1_encryption_algorithms: [options.phase1Encryption],
    phase1_integrity_algorithms: [options.phase1Integrity],
    phase1_dh_group_numbers: [options.phase1Group],
    phase1_lifetime_seconds: options.phase1Lifetime,
    phase2_encryption_algorithms: [options.phase2Encryption],
    phase2_integrity_algorithms: options.phase2Integrity && [options.phase2Integrity],
    phase2_dh_group_numbers: options.phase2Group && [options.phase2Group],
    phase2_lifetime_seconds: options.phase2Lifetime,
    startup_action: options.startup,
    dpd_timeout_action: options.deadPeerAction,
    dpd_timeout_seconds: options.deadPeerTimeout,
  }
  return Object.entries(all).flatMap(([key, value]) => (value === undefined ? [] : [[`${name}_${key}`, value]]))
}

function routeBodies(one: CloudTunnel): (readonly [string, Body])[] {
  return one.remotes.map((prefix) => [
    identifier(routeName(one, prefix)),
    {
      vpn_connection_id: reference(connection, identifier(one.label), 'id'),
      destination_cidr_block: prefix.toString(),
    },
  ])
}
