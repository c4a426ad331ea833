import type { Code } from '@natplan/core'
import { breakNamed } from '../verify/breaks.ts'
import { acceptanceTexts, brokenTexts } from '../verify/configurations.ts'

interface VerifyCase {
  readonly files: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly status: number
}

/** Two gateways that are given to the command; one of them is broken in a way that `test/verify` names. */
function broken(why: string, status = 1): VerifyCase {
  return verifying(brokenTexts(breakNamed(why)), status)
}

function verifying(texts: ReturnType<typeof acceptanceTexts>, status: number): VerifyCase {
  const entries = [...texts]
  return {
    files: Object.fromEntries(entries.map(([site, { text }]) => [`${site}.txt`, text])),
    args: ['verify', ...entries.map(([site, { platform }]) => `${site}:${platform}=${site}.txt`)],
    status,
  }
}

/** The same two, with a node whose routes lack the peer. */
function withNode(): VerifyCase {
  const { files, args } = verifying(acceptanceTexts('vyos-1.4'), 1)
  const routes = [
    'default via 198.51.100.1 dev eth1',
    '10.0.0.0/8 via 10.0.1.1 dev eth0',
    '10.0.1.0/27 dev eth0 proto kernel scope link src 10.0.1.5',
  ]
  return {
    files: { ...files, 'nodes.txt': `${routes.join('\n')}\n` },
    args: [...args, '--routes', 'cloud=nodes.txt'],
    status: 1,
  }
}

/** Both gateways take half of the world for the other, whatever the other says. */
function looping(): VerifyCase {
  const outside = { cloud: 'ethernet eth1', onpremise: 'bonding dp0bond1' }
  const addresses = { cloud: '203.0.113.10/24', onpremise: '192.0.2.20/24' }
  const texts = [...acceptanceTexts('vyos-1.4')].map(([site, { platform, text }]) => {
    const name = site as keyof typeof outside
    const wide = text.replace(/(local|remote) prefix '.*'/g, "$1 prefix '0.0.0.0/1'")
    const interfaces = `set interfaces ${outside[name]} address '${addresses[name]}'\nset interfaces ethernet eth0 address '10.0.1.1/27'\n`
    return [site, { platform, text: `${wide}${interfaces}` }] as const
  })
  return verifying(new Map(texts), 1)
}

export const verifyCases = {
  ADDRESSES_DIFFER: broken('the address of the peer'),
  VERSIONS_DIFFER: broken('IKE versions'),
  IKE_PROPOSALS_DIFFER: broken('no IKE proposal in common'),
  ESP_PROPOSALS_DIFFER: broken('no ESP proposal in common'),
  PFS_DIFFERS: broken('perfect forward secrecy'),
  IDENTITIES_DIFFER: broken('the local identity'),
  KEYS_DIFFER: broken('the key'),
  LIFETIMES_DIFFER: broken('lifetimes', 0),
  PEER_TUNNEL_MISSING: broken('a second tunnel to the peer, which has one'),
  PEER_UNKNOWN: broken('a second tunnel with a part of the same prefixes'),
  SELECTOR_NOT_MIRRORED: broken('a selector that is narrower than its mirror'),
  SELECTOR_DUPLICATE: broken('a selector that is there twice'),
  SELECTOR_OVERLAP: broken('a second tunnel with a part of the same prefixes'),
  SELECTOR_MEETS_ITSELF: broken('local and remote overlap'),
  SELECTOR_UNBACKED: broken('a selector that the peer lacks'),
  NAT_NOT_ONE_TO_ONE: broken('real and translated prefix differ in length'),
  NAT_UNSELECTED: broken('source NAT to something that no selector holds'),
  NAT_HALF: broken('no destination rule'),
  NAT_SHADOWED: broken('a masquerade in front'),
  NAT_PARTLY_SHADOWED: broken('an exclusion in front for some hosts'),
  NAT_RULE_DEAD: broken('a rule for the internet that is never reached', 0),
  NAT_INTERFACE_WRONG: broken('a source rule on the inside'),
  GATEWAY_ROUTE_MISSING: broken('a route for one half'),
  ROUTE_DIVERTS: broken('a static route into nothing for what it sees'),
  REMOTE_OCCUPIED: broken('a network of the site where it sees the peer'),
  NODE_ROUTE_MISSING: withNode(),
  MSS_MISSING: broken('no segment size', 0),
  MSS_TOO_LARGE: broken('a segment size that does not fit', 0),
  PROOF_INCOMPLETE: broken('a static NAT rule', 0),
  FLOW_WRONG_PEER: broken('a second tunnel with a part of the same prefixes'),
  FLOW_TRANSLATED_TWICE: broken('a source rule towards the hosts as well'),
  FLOW_NOT_ONE_TO_ONE: broken('real and translated prefix differ in length'),
  FLOW_STAYS_LOCAL: broken('a network of the site where it sees the peer'),
  FLOW_DEFAULT_ROUTE: withNode(),
  FLOW_REVERSE_PATH: withNode(),
  FLOW_NO_ROUTE: broken('a static route into nothing for what it sees'),
  FLOW_NO_SELECTOR: broken('a source rule on a real interface'),
  FLOW_UNENCRYPTED: broken('no source rule'),
  FLOW_REFUSED: broken('a selector that is narrower than its mirror'),
  FLOW_TUNNEL_DOWN: broken('an end that waits for the other'),
  FLOW_NOT_TRANSLATED: broken('no destination rule'),
  FLOW_LOOPS: looping(),
} as const satisfies Partial<Record<Code, VerifyCase>>
