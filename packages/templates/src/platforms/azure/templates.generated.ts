// Generated from the *.hbs files of this folder by scripts/embed-templates.mjs; do not edit.
import type { TemplatePieces } from '../../template.ts'

export const templates: Readonly<Record<'check' | 'configure' | 'remove', TemplatePieces>> = {
  check: [
    '# natplan: what Azure says about the tunnels of ', ['v', 'site'], '.\n',
    ['each', 'tunnels', [
      '# ', ['v', 'peer'], ': Connected, and both counters rise while somebody calls\n',
      'az network vpn-connection show --resource-group "$RESOURCE_GROUP" --name ', ['v', 'name'], ' \\\n',
      "  --query '[connectionStatus,ingressBytesTransferred,egressBytesTransferred]' --output tsv\n",
    ]],
    ['if', 'natRules', [
      '# Each with the prefixes of the plan\n',
      'az network vnet-gateway nat-rule list --resource-group "$RESOURCE_GROUP" --gateway-name "$GATEWAY" --output table\n',
    ]],
  ],
  configure: [
    '# natplan: the tunnels of ', ['v', 'site'], ', as steps of the Azure command line. Or apply natplan.tf.json with Terraform, not both.\n',
    '# The virtual network gateway exists already: route-based, not of the SKU Basic, with',
    ['each', 'addresses', [
      ' ', ['v', 'address'],
    ]],
    '.\n',
    ['if', 'natRules', [
      '# It translates, so it is VpnGw2 or larger.\n',
    ]],
    'set -eu\n',
    ': "${RESOURCE_GROUP:?set it to the resource group of the virtual network gateway}"\n',
    ': "${GATEWAY:?set it to the name of the virtual network gateway}"\n',
    ['each', 'configurations', [
      ': "${IP_CONFIGURATION_', ['v', 'number'], ':?set it to the id of one of the two IP configurations of the gateway, each once}"\n',
    ]],
    ['each', 'tunnels', [
      ': "$', ['v', 'key'], '" # the pre-shared key of the tunnel to ', ['v', 'peer'], '\n',
    ]],
    ['if', 'natRules', [
      '\n',
      '# Addresses that both ends use. A rule works in both directions; connections list the rules that are for them.\n',
      ['each', 'natRules', [
        'az network vnet-gateway nat-rule add --resource-group "$RESOURCE_GROUP" --gateway-name "$GATEWAY" \\\n',
        '  --name ', ['v', 'name'], ' --type Static --mode ', ['v', 'mode'], ' --internal-mappings ', ['v', 'internal'], ' --external-mappings ', ['v', 'external'],
        ['if', 'configuration', [
          ' --ip-config-id "$IP_CONFIGURATION_', ['v', 'configuration'], '"',
        ]],
        '\n',
      ]],
      'rule() {\n',
      '  az network vnet-gateway nat-rule list --resource-group "$RESOURCE_GROUP" --gateway-name "$GATEWAY" \\\n',
      '    --query "[?name==\'$1\'].id" --output tsv\n',
      '}\n',
    ]],
    ['each', 'tunnels', [
      '\n',
      '# ', ['v', 'peer'], ': its gateway, with its prefixes as they are inside the tunnel, and the connection.\n',
      'az network local-gateway create --resource-group "$RESOURCE_GROUP" --name ', ['v', 'name'], ' \\\n',
      '  --gateway-ip-address ', ['v', 'remoteAddress'], ' --local-address-prefixes',
      ['each', 'remotes', [
        ' ', ['v', 'prefix'],
      ]],
      '\n',
      'az network vpn-connection create --resource-group "$RESOURCE_GROUP" --name ', ['v', 'name'], ' \\\n',
      '  --vnet-gateway1 "$GATEWAY" --local-gateway2 ', ['v', 'name'], ' \\\n',
      ['if', 'egress', [
        '  --egress-nat-rule',
        ['each', 'egress', [
          ' "$(rule ', ['v', 'name'], ')"',
        ]],
        ' \\\n',
      ]],
      ['if', 'ingress', [
        '  --ingress-nat-rule',
        ['each', 'ingress', [
          ' "$(rule ', ['v', 'name'], ')"',
        ]],
        ' \\\n',
      ]],
      '  --shared-key "$', ['v', 'key'], '" --output none\n',
      'az network vpn-connection ipsec-policy add --resource-group "$RESOURCE_GROUP" --connection-name ', ['v', 'name'], ' \\\n',
      '  --ike-encryption ', ['v', 'ikeEncryption'], ' --ike-integrity ', ['v', 'ikeIntegrity'], ' --dh-group ', ['v', 'dhGroup'], ' \\\n',
      '  --ipsec-encryption ', ['v', 'ipsecEncryption'], ' --ipsec-integrity ', ['v', 'ipsecIntegrity'], ' --pfs-group ', ['v', 'pfsGroup'], ' \\\n',
      '  --sa-lifetime ', ['v', 'lifetime'], ' --sa-max-size ', ['v', 'dataSize'], ' --output none\n',
      'az network vpn-connection update --resource-group "$RESOURCE_GROUP" --name ', ['v', 'name'], ' --output none \\\n',
      '  --set connectionMode=', ['v', 'mode'], ' --set dpdTimeoutSeconds=', ['v', 'deadPeerTimeout'], ' --set connectionProtocol=', ['v', 'protocol'], '\n',
      ['if', 'isNarrow', [
        'az network vpn-connection update --resource-group "$RESOURCE_GROUP" --name ', ['v', 'name'], ' --output none \\\n',
        '  --use-policy-based-traffic-selectors true \\\n',
        "  --set trafficSelectorPolicies='[",
        ['each', 'selectors', [
          '{"localAddressRanges":["', ['v', 'local'], '"],"remoteAddressRanges":["', ['v', 'remote'], '"]}',
          ['unless', 'isLast', [
            ',',
          ]],
        ]],
        "]'\n",
      ]],
    ]],
  ],
  remove: [
    '# natplan: removes the tunnels of ', ['v', 'site'], ', as steps of the Azure command line. What Terraform made is destroyed with Terraform.\n',
    'set -eu\n',
    ': "${RESOURCE_GROUP:?set it to the resource group of the virtual network gateway}"\n',
    ': "${GATEWAY:?set it to the name of the virtual network gateway}"\n',
    ['each', 'tunnels', [
      'az network vpn-connection delete --resource-group "$RESOURCE_GROUP" --name ', ['v', 'name'], '\n',
      'az network local-gateway delete --resource-group "$RESOURCE_GROUP" --name ', ['v', 'name'], '\n',
    ]],
    ['each', 'natRules', [
      'az network vnet-gateway nat-rule remove --resource-group "$RESOURCE_GROUP" --gateway-name "$GATEWAY" --name ', ['v', 'name'], '\n',
    ]],
  ],
}
