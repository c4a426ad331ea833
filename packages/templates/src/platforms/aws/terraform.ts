import { textOf as addressText, type GatewayPolicy } from '@natplan/core'
import { type Body, keyVariable, reference, type TerraformFile, variable } from '../../clouds/terraform.ts'
import { type CloudTunnel, identifier } from '../../clouds/tunnels.ts'
import { asNumber, insideOf, routeName, selectorsOf, tunnelOptions } from './view.ts'

const customer = 'aws_customer_gateway'
const connection = 'aws_vpn_connection'
const gateway = { vpn_gateway_id: reference('var', 'vpn_gateway_id') }

export function awsTerraform(policy: GatewayPolicy, tunnels: readonly CloudTunnel[]): TerraformFile {
  const { site, outside } = policy
  const byLabel = (body: (one: CloudTunnel) => Body) =>
    Object.fromEntries(tunnels.map((one) => [identifier(one.label), body(one)]))
  return {
    '//': `Made by natplan for ${site}: its VPN connections. The virtual private gateway itself exists already. Of the two tunnels of a connection the first is used; the second one has a key that AWS makes, and stays down.`,
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
      [customer]: byLabel(customerBody),
      [connection]: byLabel((one) => connectionBody(policy, one)),
      aws_vpn_connection_route: Object.fromEntries(tunnels.flatMap(routeBodies)),
      aws_vpn_gateway_route_propagation: {
        natplan: {
          for_each: reference('var', 'route_table_ids'),
          ...gateway,
          route_table_id: reference('each', 'value'),
        },
      },
    },
    output: Object.fromEntries(
      tunnels.map((one) => [
        identifier(one.label, 'outside_address'),
        {
          description: `Where ${one.tunnel.peer} finds the tunnel: sites.${site}.gateway.outside.address of the plan.`,
          value: addressOf(one),
        },
      ]),
    ),
    check: Object.fromEntries(
      tunnels.map((one) => [
        identifier(one.label, 'outside_address'),
        {
          assert: {
            condition: `\${${connection}.${identifier(one.label)}.tunnel1_address == "${addressText(outside.address)}"}`,
            error_message: `The plan says ${addressText(outside.address)} for ${site}, and AWS chose another address: write the one of the output as outside.address and generate again.`,
          },
        },
      ]),
    ),
  }
}

function addressOf({ label }: CloudTunnel): string {
  return reference(connection, identifier(label), 'tunnel1_address')
}

function customerBody({ label, tunnel }: CloudTunnel): Body {
  return {
    bgp_asn: String(asNumber),
    ip_address: addressText(tunnel.remote.address),
    type: 'ipsec.1',
    tags: { Name: `natplan-${label}` },
  }
}

function connectionBody(policy: GatewayPolicy, one: CloudTunnel): Body {
  const options = tunnelOptions(one.tunnel)
  const { local, remote } = selectorsOf(one)
  const inside = insideOf(policy, one)
  return {
    customer_gateway_id: reference(customer, identifier(one.label), 'id'),
    ...gateway,
    type: 'ipsec.1',
    static_routes_only: true,
    local_ipv4_network_cidr: local,
    remote_ipv4_network_cidr: remote,
    ...(inside === undefined ? {} : { tunnel1_inside_cidr: inside }),
    tunnel1_preshared_key: reference('var', one.terraformKey),
    tunnel1_ike_versions: [options.ikeVersion],
    tunnel1_phase1_encryption_algorithms: [options.phase1Encryption],
    tunnel1_phase1_integrity_algorithms: [options.phase1Integrity],
    tunnel1_phase1_dh_group_numbers: [options.phase1Group],
    tunnel1_phase1_lifetime_seconds: options.phase1Lifetime,
    tunnel1_phase2_encryption_algorithms: [options.phase2Encryption],
    ...(options.phase2Integrity === undefined
      ? {}
      : { tunnel1_phase2_integrity_algorithms: [options.phase2Integrity] }),
    ...(options.phase2Group === undefined ? {} : { tunnel1_phase2_dh_group_numbers: [options.phase2Group] }),
    tunnel1_phase2_lifetime_seconds: options.phase2Lifetime,
    tunnel1_startup_action: options.startup,
    tunnel1_dpd_timeout_action: options.deadPeerAction,
    tunnel1_dpd_timeout_seconds: options.deadPeerTimeout,
    tags: { Name: `natplan-${one.label}` },
  }
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
