import { NatplanError } from '@natplan/core'
import { reverseName } from '../../text/reverse-names.ts'
import { calledAddresses } from '../records.ts'
import { commented, type NamesOf } from './form.ts'

/** Seconds. */
const timeToLive = 300

/** Longer names would not fit before the name of the policy zone. */
const longestOwner = 200

interface ResourceRecord {
  readonly owner: string
  readonly type: 'A' | 'AAAA' | 'PTR'
  readonly data: string
}

/** A response-policy zone: its records answer for the names before the dot of the zone, forward and back, whoever else has them. */
export function policyZoneText(names: NamesOf): string {
  const records = recordsOf(names)
  const long = records.filter(({ owner }) => owner.length > longestOwner)
  return commented(';', names, [
    '; named.conf: response-policy { zone "names.natplan"; } break-dnssec yes qname-wait-recurse no;',
    '; zone "names.natplan" { type primary; file "THIS FILE"; allow-query { none; }; };',
    ...startOfZone,
    ...records.filter((one) => !long.includes(one)).map(({ owner, type, data }) => `${owner} ${type} ${data}`),
    ...long.map(({ owner }) => `; ${owner} is too long for a response-policy zone`),
  ])
}

/**
 * A zone of its own with the names of the book that are in it, for servers that have the authority.
 * @throws NatplanError USAGE where there are none
 */
export function zoneText(names: NamesOf, zone: string): string {
  const all = recordsOf(names)
  const inside = all.filter(({ owner }) => owner === zone || owner.endsWith(`.${zone}`))
  if (inside.length > 0)
    return commented(';', names, [
      `$ORIGIN ${zone}.`,
      ...startOfZone,
      ...inside.map(({ owner, type, data }) => `${owner}. ${type} ${data}`),
    ])
  const [first] = all
  throw new NatplanError('USAGE', `${names.site} calls nothing in the zone ${zone}`, {
    hint: first ? `for example --zone ${first.owner.replace(/^[^.]*\./, '')}` : 'it calls no host at all',
  })
}

const startOfZone: readonly string[] = [
  `$TTL ${timeToLive}`,
  '@ SOA localhost. hostmaster.localhost. 1 3600 600 86400 300',
  '@ NS localhost.',
]

function recordsOf({ entries }: NamesOf): ResourceRecord[] {
  const called = calledAddresses(entries)
  return [
    ...called.flatMap(({ address, names }) =>
      names.map((owner) => ({
        owner,
        type: address.family === 4 ? ('A' as const) : ('AAAA' as const),
        data: String(address),
      })),
    ),
    ...called.map(({ address, names: [first = ''] }) => ({
      owner: reverseName(address),
      type: 'PTR' as const,
      data: `${first}.`,
    })),
  ]
}
