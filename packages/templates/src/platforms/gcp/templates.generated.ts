// Generated from the *.hbs files of this folder by scripts/embed-templates.mjs; do not edit.
import type { TemplatePieces } from '../../template.ts'

export const templates: Readonly<Record<'check' | 'configure' | 'remove', TemplatePieces>> = {
  check: [
    '# natplan: what Google Cloud says about the tunnels of ', ['v', 'site'], '.\n',
    ['each', 'tunnels', [
      '# ', ['v', 'peer'], ': ESTABLISHED\n',
      'gcloud compute vpn-tunnels describe ', ['v', 'name'], ' --region "$REGION" --format \'value(status,detailedStatus)\'\n',
    ]],
    '# Each prefix of the peers, with the tunnel as its next hop\n',
    "gcloud compute routes list --filter 'name~^natplan-' --format 'value(name,destRange,nextHopVpnTunnel)'\n",
  ],
  configure: [
    '# natplan: the tunnels of ', ['v', 'site'], ', as steps of the Google Cloud command line. Or apply natplan.tf.json with Terraform, not both.\n',
    '# Classic VPN gateways exist already, with their addresses and forwarding rules (ESP, UDP 500 and UDP 4500). HA VPN has no static routes.\n',
    '# Firewall rules of the network must let in what the peers may send.\n',
    'set -eu\n',
    ': "${REGION:?set it to the region of the VPN gateway}"\n',
    ': "${NETWORK:?set it to the name of its VPC network}"\n',
    ['each', 'gateways', [
      ': "$', ['v', 'variable'], '" # the name of the Classic VPN gateway with ', ['v', 'address'], '\n',
    ]],
    ['each', 'tunnels', [
      ': "$', ['v', 'key'], '" # the pre-shared key of the tunnel to ', ['v', 'peer'], '\n',
    ]],
    ['each', 'tunnels', [
      '\n',
      '# ', ['v', 'peer'], ': the tunnel, and the routes to its prefixes. It accepts the algorithms of the other end.\n',
      'gcloud compute vpn-tunnels create ', ['v', 'name'], ' --region "$REGION" --target-vpn-gateway "$', ['v', 'gateway'], '" \\\n',
      '  --peer-address ', ['v', 'remoteAddress'], ' --ike-version ', ['v', 'ikeVersion'], ' --shared-secret "$', ['v', 'key'], '" \\\n',
      '  --local-traffic-selector ', ['v', 'local'], ' --remote-traffic-selector ', ['v', 'remote'], '\n',
      ['each', 'routes', [
        'gcloud compute routes create ', ['v', 'name'], ' --network "$NETWORK" --destination-range ', ['v', 'prefix'], ' --priority ', ['v', '../priority'], ' \\\n',
        '  --next-hop-vpn-tunnel ', ['v', '../name'], ' --next-hop-vpn-tunnel-region "$REGION"\n',
      ]],
    ]],
  ],
  remove: [
    '# natplan: removes the tunnels of ', ['v', 'site'], ', as steps of the Google Cloud command line. What Terraform made is destroyed with Terraform.\n',
    'set -eu\n',
    ': "${REGION:?set it to the region of the VPN gateway}"\n',
    ['each', 'tunnels', [
      ['each', 'routes', [
        'gcloud compute routes delete ', ['v', 'name'], ' --quiet\n',
      ]],
      'gcloud compute vpn-tunnels delete ', ['v', 'name'], ' --region "$REGION" --quiet\n',
    ]],
  ],
}
