import type { Code } from '../../codes.ts'
import { type Finding, findingOf } from '../../finding.ts'
import { type NegotiationFault, negotiationFaults, sideOf } from '../../trace/negotiation.ts'
import { placeAt, type Subject } from '../subject.ts'
import type { TunnelPair } from '../tunnel-pairs.ts'

const faultCodes = {
  version: 'VERSIONS_DIFFER',
  'ike-proposal': 'IKE_PROPOSALS_DIFFER',
  'esp-proposal': 'ESP_PROPOSALS_DIFFER',
  pfs: 'PFS_DIFFERS',
  identity: 'IDENTITIES_DIFFER',
  address: 'ADDRESSES_DIFFER',
  key: 'KEYS_DIFFER',
  start: 'START_NOBODY',
} as const satisfies Record<NegotiationFault['kind'], Code>

const hints: Record<NegotiationFault['kind'], string> = {
  version: 'set the same IKE version at both ends',
  'ike-proposal': 'give both ends one IKE proposal that is the same',
  'esp-proposal': 'give both ends one ESP proposal that is the same',
  pfs: 'set the same group for perfect forward secrecy at both ends, or none at both',
  identity: 'set the local identity of each end to the remote identity of the other',
  address: 'name the address at which the other gateway really is',
  key: 'set the same key at both ends (natplan psk makes one)',
  start: 'let at least one end begin',
}

/** The two ends can agree on everything that they negotiate. */
export function tunnelsComeUp({ pairs }: Subject): Finding[] {
  return pairs.flatMap((pair) =>
    negotiationFaults(sideOf(pair.here), sideOf(pair.there)).map((fault) => findingFor(pair, fault)),
  )
}

function findingFor({ here, there }: TunnelPair, { kind, message, isDelayed }: NegotiationFault): Finding {
  const outcome = isDelayed ? ': the tunnel comes up and fails when its keys are renewed' : ''
  return findingOf(faultCodes[kind], placeAt(here.site, here.tunnel), {
    message: `tunnel of ${here.site.name} and ${there.site.name}: ${message}${outcome}`,
    hint: hints[kind],
    related: [{ place: placeAt(there.site, there.tunnel), message: 'the other end is here' }],
  })
}

/** Keys are renewed at the same pace; gateways do not negotiate it, but some products refuse a longer lifetime than their own. */
export function lifetimesMeet({ pairs }: Subject): Finding[] {
  return pairs.flatMap(({ here, there }) => {
    const different = (['ike', 'esp'] as const).filter(
      (part) => here.tunnel[part].lifetime !== there.tunnel[part].lifetime,
    )
    if (different.length === 0) return []
    const parts = different.map(
      (part) =>
        `${part.toUpperCase()} ${here.tunnel[part].lifetime} s at ${here.site.name}, ${there.tunnel[part].lifetime} s at ${there.site.name}`,
    )
    return [
      findingOf('LIFETIMES_DIFFER', placeAt(here.site, here.tunnel), {
        message: `lifetimes differ: ${parts.join('; ')}`,
        hint: 'the shorter one renews the keys; set both alike where a product refuses that',
        related: [{ place: placeAt(there.site, there.tunnel), message: 'the other end is here' }],
      }),
    ]
  })
}
