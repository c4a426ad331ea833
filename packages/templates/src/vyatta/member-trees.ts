import type { VyattaDialect } from './dialect.ts'

export type Member = VyattaDialect['platform']

const common = 'interfaces protocols policy service system pki qos qos-policy traffic-policy traffic-control'
const older = 'firewall zone-policy vpn cluster custom-attribute unms gui content-inspection webproxy'
const vyos = 'firewall zone-policy vpn nat load-balancing high-availability vrf netns container vpp'

/**
 * The first words of each member's configurations (node.def of vyatta-cfg-*, interface-definitions of vyos-1x, the YANG modules of DANOS).
 * A word that is not here is not known: it could be anything.
 */
export const firstWords: Readonly<Record<Member, ReadonlySet<string>>> = {
  'vyos-1.3': words(common, vyos, 'cluster'),
  'vyos-1.4': words(common, vyos, 'nat66 nat64'),
  'vyos-1.5': words(common, vyos, 'nat66 nat64'),
  edgeos: words(common, older, 'port-forward load-balance'),
  'vyatta-5400': words(common, older, 'nat load-balancing'),
  'vyatta-5600': words(
    common,
    'security routing resources vrrp user cluster-name multicast-name management opsd configd tech-support configuration',
  ),
}

function words(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.join(' ').split(' '))
}

/** The first words that some member has. */
export const knownWords: ReadonlySet<string> = new Set(Object.values(firstWords).flatMap((known) => [...known]))

/** Reports whether any member of the family has a tree of that name. */
export function isTree(word: string): boolean {
  return knownWords.has(word)
}

/** VyOS has NAT in a tree of its own. */
const withoutServiceNat: readonly Member[] = ['vyos-1.3', 'vyos-1.4', 'vyos-1.5']

/** Reports whether a line of that path could stand in a configuration of that member. */
export function isTreeOf([first = '', second]: readonly string[], member: Member): boolean {
  const isNatOfOthers = first === 'service' && second === 'nat' && withoutServiceNat.includes(member)
  return firstWords[member].has(first) && !isNatOfOthers
}
