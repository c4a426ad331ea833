import { textOf as addressText, type GatewayPolicy } from '@natplan/core'
import { type Body, keyVariable, reference, type TerraformFile, variable } from '../../clouds/terraform.ts'
import { type CloudTunnel, identifier } from '../../clouds/tunnels.ts'
import { type AzureGateway, azureGateway, connectionMode, dataSize, ipsecPolicy, type NatRuleView } from './view.ts'

const localGateway = 'azurerm_local_network_gateway'
const natRule = 'azurerm_virtual_network_gateway_nat_rule'
const connection = 'azurerm_virtual_network_gateway_connection'

const group = { resource_group_name: reference('var', 'resource_group_name') }
const place = { ...group, location: reference('var', 'location') }
const gateway = { virtual_network_gateway_id: reference('var', 'virtual_network_gateway_id') }

export function azureTerraform({ site }: GatewayPolicy, tunnels: readonly CloudTunnel[]): TerraformFile {
  const { connections, rules, configurations = [] } = azureGateway(tunnels)
  const both = rules.length > 0 ? configurations : []
  return {
    '//': `Made by natplan for ${site}: what the virtual network gateway there needs for its tunnels. The gateway itself exists already.`,
    terraform: {
      required_version: '>= 1.3',
      required_providers: { azurerm: { source: 'hashicorp/azurerm', version: '>= 3.60' } },
    },
    variable: {
      resource_group_name: variable('The resource group of the virtual network gateway.'),
      location: variable('Its region.'),
      virtual_network_gateway_id: variable(
        rules.length > 0
          ? 'The id of the virtual network gateway: route-based, VpnGw2 or larger, since it translates.'
          : 'The id of the virtual network gateway: route-based, VpnGw1 or larger.',
      ),
      ...Object.fromEntries(both.map((number) => [configurationVariable(number), configurationOf(number)])),
      ...Object.fromEntries(connections.map(({ one }) => [one.terraformKey, keyVariable(one.tunnel.site)])),
    },
    resource: {
      [localGateway]: Object.fromEntries(connections.map(({ one }) => [identifier(one.label), localGatewayBody(one)])),
      ...(rules.length > 0
        ? { [natRule]: Object.fromEntries(rules.map((rule) => [identifier(rule.name), natRuleBody(rule)])) }
        : {}),
      [connection]: Object.fromEntries(connections.map((each) => [identifier(each.one.label), connectionBody(each)])),
    },
  }
}

function configurationVariable(number: string): string {
  return `ip_configuration_id_${number}`
}

function configurationOf(number: string) {
  return variable(`The id of IP configuration ${number} of the two that the virtual network gateway has.`)
}

/** The space of the peer as it is inside the tunnel, before any rule. */
function localGatewayBody({ label, tunnel, remotes }: CloudTunnel): Body {
  return {
    name: `natplan-${label}`,
    ...place,
    gateway_address: addressText(tunnel.remote.address),
    address_space: remotes.map(String),
  }
}

function natRuleBody({ name, mode, internal, external, configuration }: NatRuleView): Body {
  return {
    name,
    ...group,
    ...gateway,
    mode,
    type: 'Static',
    ...(configuration === undefined
      ? {}
      : { ip_configuration_id: reference('var', configurationVariable(configuration)) }),
    internal_mapping: [{ address_space: internal }],
    external_mapping: [{ address_space: external }],
  }
}

function connectionBody({ one, ...rules }: AzureGateway['connections'][number]): Body {
  const { tunnel, label, terraformKey, takesAll } = one
  const policy = ipsecPolicy(tunnel)
  const ids = (some: readonly NatRuleView[]) => some.map(({ name }) => reference(natRule, identifier(name), 'id'))
  const [egress, ingress] = [ids(rules.egress), ids(rules.ingress)]
  return {
    name: `natplan-${label}`,
    ...place,
    type: 'IPsec',
    ...gateway,
    local_network_gateway_id: reference(localGateway, identifier(label), 'id'),
    shared_key: reference('var', terraformKey),
    connection_protocol: `IKEv${tunnel.ike.version}`,
    connection_mode: connectionMode(tunnel),
    dpd_timeout_seconds: tunnel.ike.deadPeer.timeout,
    ipsec_policy: [
      {
        dh_group: policy.dhGroup,
        ike_encryption: policy.ikeEncryption,
        ike_integrity: policy.ikeIntegrity,
        ipsec_encryption: policy.ipsecEncryption,
        ipsec_integrity: policy.ipsecIntegrity,
        pfs_group: policy.pfsGroup,
        sa_lifetime: policy.lifetime,
        sa_datasize: dataSize,
      },
    ],
    use_policy_based_traffic_selectors: !takesAll,
    ...(takesAll ? {} : { traffic_selector_policy: selectorBodies(tunnel) }),
    ...(egress.length > 0 ? { egress_nat_rule_ids: egress } : {}),
    ...(ingress.length > 0 ? { ingress_nat_rule_ids: ingress } : {}),
  }
}

function selectorBodies({ selectors }: CloudTunnel['tunnel']): Body[] {
  return selectors.map(({ local, remote }) => ({
    local_address_cidrs: [local.toString()],
    remote_address_cidrs: [remote.toString()],
  }))
}
