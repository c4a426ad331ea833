import { textOf as addressText, type GatewayPolicy } from '@natplan/core'
import { type Body, keyVariable, reference, type TerraformFile, variable } from '../../clouds/terraform.ts'
import { type CloudTunnel, identifier } from '../../clouds/tunnels.ts'
import { gatewaysOf, type PlacedTunnel, placedTunnels, routeName, selectorsOf } from './view.ts'

const tunnelType = 'google_compute_vpn_tunnel'

export function gcpTerraform({ site }: GatewayPolicy, tunnels: readonly CloudTunnel[]): TerraformFile {
  const placed = placedTunnels(tunnels)
  return {
    '//': `Made by natplan for ${site}: tunnels of its Classic VPN gateways, which exist already with their addresses and forwarding rules.`,
    terraform: {
      required_version: '>= 1.3',
      required_providers: { google: { source: 'hashicorp/google', version: '>= 4.0' } },
    },
    variable: {
      region: variable('The region of the VPN gateway.'),
      network: variable('The VPC network of the VPN gateway: its name or link.'),
      ...Object.fromEntries(
        gatewaysOf(tunnels).map(({ address, suffix }) => [
          `target_vpn_gateway${suffix}`,
          variable(`The Classic VPN gateway (target VPN gateway) with ${address}: its link or id.`),
        ]),
      ),
      ...Object.fromEntries(tunnels.map((one) => [one.terraformKey, keyVariable(one.tunnel.peer)])),
    },
    resource: {
      [tunnelType]: Object.fromEntries(placed.map((each) => [identifier(each.one.label), tunnelBody(each)])),
      google_compute_route: Object.fromEntries(placed.flatMap(routeBodies)),
    },
  }
}

function tunnelBody({ one, gateway }: PlacedTunnel): Body {
  const { local, remote } = selectorsOf(one)
  return {
    name: `natplan-${one.label}`,
    region: reference('var', 'region'),
    target_vpn_gateway: reference('var', `target_vpn_gateway${gateway.suffix}`),
    peer_ip: addressText(one.tunnel.remote.address),
    shared_secret: reference('var', one.terraformKey),
    ike_version: one.tunnel.ike.version,
    local_traffic_selector: [local],
    remote_traffic_selector: [remote],
  }
}

function routeBodies({ one, priority }: PlacedTunnel): (readonly [string, Body])[] {
  return one.remotes.map((prefix) => [
    identifier(routeName(one, prefix)),
    {
      name: routeName(one, prefix),
      network: reference('var', 'network'),
      dest_range: prefix.toString(),
      priority,
      next_hop_vpn_tunnel: reference(tunnelType, identifier(one.label), 'id'),
    },
  ])
}
