import type { Code } from '../../codes.ts'
import type { Finding } from '../../finding.ts'
import { type NegotiationFault, negotiationFaults } from '../../world/negotiation.ts'
import { routeLack } from '../../world/own-ways.ts'
import { doubtKey, findingAt, otherEnd, type Subject } from '../subject.ts'
import type { TunnelPair } from '../tunnel-pairs.ts'

const faultCodes = {
  version: 'VERSIONS_DIFFER',
  'ike-proposal': 'IKE_PROPOSALS_DIFFER',
  'esp-proposal': 'ESP_PROPOSALS_DIFFER',
  pfs: 'PFS_DIFFERS',
  identity: 'IDENTITIES_DIFFER',
  address: 'ADDRESSES_DIFFER',
  'own-address': 'ADDRESSES_DIFFER',
  way: 'PEER_UNREACHABLE',
  key: 'KEYS_DIFFER',
  'no-key': 'KEYS_FOR_OTHERS',
  start: 'START_NOBODY',
  authentication: 'AUTHENTICATION_DIFFERS',
} as const satisfies Record<NegotiationFault['kind'], Code>

const hints: Record<NegotiationFault['kind'], string> = {
  version: 'set the same IKE version at both ends',
  'ike-proposal': 'give both ends one IKE proposal that is the same',
  'esp-proposal': 'give both ends one ESP proposal that is the same',
  pfs: 'set the same group for perfect forward secrecy at both ends, or none at both',
  identity: 'set the local identity of each end to the remote identity of the other',
  address: 'name the address at which the other gateway really is',
  key: 'set the same key at both ends (natplan psk makes one)',
  'own-address':
    'give an interface the address that the tunnel starts from, or let it start from one that an interface has',
  way: 'give the address of the peer a route by the uplink that the tunnel starts from',
  'no-key': 'name the identities of both ends at the one key that they share',
  start: 'let at least one end begin',
  authentication: 'let both ends use a pre-shared key, or both certificates',
}

/** The two ends can agree on everything that they negotiate. */
export function tunnelsComeUp({ pairs }: Subject): Finding[] {
  return pairs.flatMap((pair) => {
    const faults = negotiationFaults(pair.here, pair.there)
    const unknown = faults.filter(({ isCertain }) => !isCertain)
    return [
      ...faults.filter(({ isCertain }) => isCertain).map((fault) => findingFor(pair, faultCodes[fault.kind], [fault])),
      ...(unknown.length > 0 ? [findingFor(pair, 'NEGOTIATION_NOT_KNOWN', unknown)] : []),
    ]
  })
}

/** Each end has a way to the other for the packets of the tunnel itself. */
export function peersAreReached({ pairs }: Subject): Finding[] {
  return pairs.flatMap(({ here, there }) =>
    [[here, there] as const, [there, here] as const].flatMap(([{ site, tunnel }, { site: peer }]) => {
      const message = routeLack(site, tunnel)
      if (message === undefined) return []
      const hint = 'add a route to the address of the peer by an uplink'
      return findingAt('PEER_UNREACHABLE', { site, at: tunnel, about: { peer: peer.name }, message, hint })
    }),
  )
}

/** What is not known of one pair is one thing to look at. */
function findingFor({ here, there }: TunnelPair, code: Code, faults: readonly NegotiationFault[]): Finding {
  const doubt = code === 'NEGOTIATION_NOT_KNOWN' ? 'whether the two ends agree is not known: ' : ''
  return findingAt(code, {
    site: here.site,
    at: here.tunnel,
    about: { peer: there.site.name },
    message: `tunnel of ${here.site.name} and ${there.site.name}: ${doubt}${faults.map(faultText).join('; ')}`,
    hint: [...new Set(faults.map(({ kind }) => hints[kind]))].join('; '),
    related: [otherEnd(there)],
  })
}

function faultText({ message, isDelayed }: NegotiationFault): string {
  return isDelayed ? `${message}: the tunnel comes up and fails when its keys are renewed` : message
}

/** What walks through tunnels meet as unknown and `tunnelsComeUp` tells, from either end. */
export function negotiationDoubts({ pairs }: Subject): ReadonlySet<string> {
  const ends = pairs.flatMap(({ here, there }) => [[here, there] as const, [there, here] as const])
  const texts = ends.flatMap(([here, there]) =>
    negotiationFaults(here, there)
      .filter(({ isCertain }) => !isCertain)
      .map(({ message }) => doubtKey({ site: here.site.name, doubt: { line: here.tunnel.line, what: message } })),
  )
  return new Set(texts)
}

/** Keys are renewed at the same pace; gateways do not negotiate it, but some products refuse a longer lifetime than their own. */
export function lifetimesMeet({ pairs }: Subject): Finding[] {
  return pairs.flatMap(({ here, there }) => {
    const different = (['ike', 'esp'] as const).filter(
      (part) => here.tunnel.lifetimes[part] !== there.tunnel.lifetimes[part],
    )
    if (different.length === 0) return []
    const parts = different.map(
      (part) =>
        `${part.toUpperCase()} ${here.tunnel.lifetimes[part]} s at ${here.site.name}, ${there.tunnel.lifetimes[part]} s at ${there.site.name}`,
    )
    return [
      findingAt('LIFETIMES_DIFFER', {
        site: here.site,
        at: here.tunnel,
        about: { peer: there.site.name },
        message: `lifetimes differ: ${parts.join('; ')}`,
        hint: 'the shorter one renews the keys; make them equal if a product refuses that',
        related: [otherEnd(there)],
      }),
    ]
  })
}
