import { halfOf, pick, type Random } from '../lab/mutations.ts'
import { type Ends, sometimes } from './filter-ends.ts'
import type { Chosen, Style } from './filter-styles.ts'
import { type VyosLanguage, vyosLanguages } from './written-filters.ts'

/** Base chains of VyOS and sets that they call. */
export const vyosForward: Style = (ends, random) => {
  const language = pick(random, vyosLanguages)
  const asked: Asked = { ends, random, language }
  const forward = 'firewall ipv4 forward filter'
  const lines = [
    ...statePolicy(random, 0.4),
    ...sometimes(random, 0.9, `${forward} default-action ${pick(random, ['drop', 'drop', 'accept'])}`),
    ...numbered(forward, [
      ...sometimes(random, 0.7, ['action accept', ...answers(random)]),
      ...sometimes(random, 0.3, ['action drop', 'state invalid']),
      ...sometimes(random, 0.7, ['action accept', ...outward(asked)]),
      ...sometimes(random, 0.5, ['action accept', ...inward(asked)]),
      ...sometimes(random, 0.8, [
        'action jump',
        'jump-target TUNNEL',
        ...pick(random, [[], ['inbound-interface group OUTSIDE'], came(language)]),
      ]),
      ...sometimes(random, 0.3, ['action reject', 'disable']),
      ...sometimes(random, 0.3, ['action return', ...some(asked)]),
    ]),
    ...setLines('TUNNEL', asked),
    ...sometimes(
      random,
      0.3,
      ...numbered('firewall ipv4 input filter', [['action accept', 'state established'], ['action accept']]),
    ),
    ...(language === 'vyos-1.5' && random() < 0.3
      ? numbered('firewall ipv4 prerouting raw', [['action drop', ...untracked(ends, random)]])
      : []),
  ]
  return chosen(language, [...groups(ends), ...lines], 'chains of VyOS')
}

/** Zones, one for each side, and sets between them. */
export const vyosZones: Style = (ends, random) => {
  const language = pick(random, vyosLanguages)
  const asked: Asked = { ends, random, language }
  const action = () => sometimes(random, 0.7, `default-action ${pick(random, ['drop', 'drop', 'reject'])}`)
  const isApart = ends.outside.includes('ipsec0')
  const virtual = isApart && random() < 0.7
  const lines = [
    ...statePolicy(random, 0.7),
    ...zone('LAN', ends.gateway.inside, language),
    ...action().map((one) => `firewall zone LAN ${one}`),
    ...zone('WAN', ends.gateway.uplinks, language),
    ...action().map((one) => `firewall zone WAN ${one}`),
    ...(virtual ? zone('VPN', ends.outside, language) : []),
    ...sometimes(random, 0.9, 'firewall zone LAN from WAN firewall name WAN-LAN'),
    ...sometimes(random, 0.9, 'firewall zone WAN from LAN firewall name LAN-WAN'),
    ...(virtual
      ? ['firewall zone LAN from VPN firewall name WAN-LAN', 'firewall zone VPN from LAN firewall name LAN-WAN']
      : []),
    ...sometimes(
      random,
      0.3,
      `firewall zone ${pick(random, ['LAN', 'WAN'])} intra-zone-filtering action ${pick(random, ['drop', 'accept'])}`,
    ),
    ...sometimes(random, 0.2, 'firewall zone WAN intra-zone-filtering firewall name WAN-LAN'),
    ...setLines('WAN-LAN', asked),
    ...opened(
      'LAN-WAN',
      [
        ...sometimes(random, 0.8, ['action accept', ...answers(random)]),
        ['action accept', ...outward(asked)],
        ...sometimes(random, 0.3, ['action drop', ...some(asked)]),
      ],
      random,
    ),
    ...sometimes(
      random,
      0.25,
      'firewall ipv4 forward filter default-action accept',
      ...numbered('firewall ipv4 forward filter', [['action drop', ...some(asked)]]),
    ),
  ]
  return chosen(language, [...groups(ends), ...lines], 'zones of VyOS')
}

/** What comes to the gateway itself, and what it sends, meets chains or the local zone of VyOS. */
export const vyosOwn: Style = (ends, random) => {
  const language = pick(random, vyosLanguages)
  const isZoned = random() < 0.5
  const rules = (side: 'source' | 'destination') => [
    ...sometimes(random, 0.85, ['action accept', ...answers(random)]),
    ...sometimes(random, 0.85, [
      'action accept',
      'protocol udp',
      'destination port 500,4500',
      ...peers(ends, side, random),
    ]),
    ...sometimes(random, 0.85, ['action accept', 'protocol esp', ...peers(ends, side, random)]),
  ]
  const chains = [
    ...statePolicy(random, 0.3),
    `firewall ipv4 input filter default-action ${pick(random, ['drop', 'drop', 'accept'])}`,
    ...numbered('firewall ipv4 input filter', [
      ...rules('source'),
      ['action accept', "inbound-interface name '!wan0'"],
    ]),
    ...(random() < 0.3
      ? [
          'firewall ipv4 output filter default-action drop',
          ...numbered('firewall ipv4 output filter', rules('destination')),
        ]
      : []),
  ]
  const outside = [...ends.gateway.uplinks]
  const zones = [
    ...statePolicy(random, 0.5),
    ...zone('WAN', outside, language),
    ...zone('LAN', ends.gateway.inside, language),
    'firewall zone LOCAL local-zone',
    ...sometimes(random, 0.9, 'firewall zone LOCAL from WAN firewall name WAN-LOCAL'),
    ...sometimes(random, 0.9, 'firewall zone WAN from LOCAL firewall name LOCAL-WAN'),
    'firewall zone LAN from WAN firewall name ALL',
    'firewall zone WAN from LAN firewall name ALL',
    'firewall ipv4 name ALL default-action accept',
    ...opened('WAN-LOCAL', rules('source'), random),
    ...opened('LOCAL-WAN', rules('destination'), random),
  ]
  return chosen(
    language,
    [...groups(ends), ...(isZoned ? zones : chains)],
    isZoned ? 'the local zone of VyOS' : 'own chains of VyOS',
  )
}

interface Asked {
  readonly ends: Ends
  readonly random: Random
  readonly language: VyosLanguage
}

function chosen(language: VyosLanguage, lines: readonly string[], said: string): Chosen {
  const text = lines.map((line) => `set ${line}\n`).join('')
  return { filters: { sets: [], chains: [] }, written: { language, text }, said: `${said} (${language})` }
}

/** Rules with numbers that leave room. */
function numbered(set: string, rules: readonly (readonly string[])[]): string[] {
  return rules.flatMap((leaves, index) => leaves.map((leaf) => `${set} rule ${10 * (index + 1)} ${leaf}`))
}

function statePolicy(random: Random, chance: number): readonly string[] {
  const policy = 'firewall global-options state-policy'
  return random() < chance
    ? [
        `${policy} established action accept`,
        ...sometimes(random, 0.6, `${policy} related action accept`),
        ...sometimes(random, 0.5, `${policy} invalid action drop`),
      ]
    : []
}

function setLines(name: string, asked: Asked): string[] {
  const { random } = asked
  const rules = [
    ...sometimes(random, 0.5, ['action accept', ...answers(random)]),
    ...sometimes(random, 0.4, [`action ${pick(random, ['drop', 'return', 'continue', 'reject'])}`, ...some(asked)]),
    ...sometimes(random, 0.8, ['action accept', ...inward(asked)]),
    ...sometimes(random, 0.3, ['action accept', ...came(asked.language)]),
  ]
  return opened(name, rules, random)
}

function opened(name: string, rules: readonly (readonly string[])[], random: Random): string[] {
  const rest = sometimes(
    random,
    0.6,
    `firewall ipv4 name ${name} default-action ${pick(random, ['drop', 'drop', 'return', 'accept', 'reject'])}`,
  )
  const filled = rules.length === 0 ? [['action accept', 'state related']] : rules
  return [...rest, ...numbered(`firewall ipv4 name ${name}`, filled)]
}

function groups({ remotes, lans, peers, outside, gateway }: Ends): string[] {
  const group = (kind: string, name: string, values: readonly unknown[]) =>
    values.map((value) => `firewall group ${kind}-group ${name} ${kind} ${value}`)
  return [
    ...group('network', 'REMOTE', remotes),
    ...group('network', 'OWN', lans),
    ...group('address', 'PEERS', peers),
    ...group('port', 'PORTS', ['443', '6990-7010']),
    ...group('interface', 'OUTSIDE', outside),
    ...group('interface', 'INSIDE', gateway.inside),
  ]
}

function zone(name: string, members: readonly string[], language: VyosLanguage): string[] {
  const word = language === 'vyos-1.5' ? 'member interface' : 'interface'
  return members.map((member) => `firewall zone ${name} ${word} ${member}`)
}

function answers(random: Random): string[] {
  return pick(random, [
    ['state established', 'state related'],
    ['state established', 'state related'],
    ['state established'],
  ])
}

function peers({ peers: known }: Ends, side: 'source' | 'destination', random: Random): string[] {
  return known.length > 0 && random() < 0.5 ? [`${side} group address-group PEERS`] : []
}

function came(language: VyosLanguage): string[] {
  return [language === 'vyos-1.5' ? 'ipsec match-ipsec-in' : 'ipsec match-ipsec']
}

function outward({ ends: { lans, remotes, gateway }, random, language }: Asked): string[] {
  const [lan, remote] = [pick(random, lans), pick(random, remotes)]
  return pick<string[]>(random, [
    [`inbound-interface name ${gateway.inside[0]}`],
    ['inbound-interface group INSIDE'],
    [`source address ${lan}`, `destination address ${remote}`],
    ['source group network-group OWN'],
    ['destination group network-group REMOTE'],
    [`inbound-interface name '!wan0'`, 'state new'],
    ...(language === 'vyos-1.5' ? [['ipsec match-ipsec-out', `source address ${lan}`]] : []),
  ])
}

function inward({ ends: { lans, remotes }, random, language }: Asked): string[] {
  const [lan, remote] = [pick(random, lans), pick(random, remotes)]
  return pick<string[]>(random, [
    [`source address ${remote}`, `destination address ${lan}`],
    ['source group network-group REMOTE'],
    [...came(language), `destination address ${lan}`],
    [`source address ${remote.first}-${remote.last}`],
    ['connection-status nat destination'],
    ['protocol tcp_udp', 'destination port 443,7000', `source address ${remote}`],
    ['protocol udp', 'destination group port-group PORTS'],
    [`protocol '!tcp'`, 'destination group network-group OWN'],
    ['state new', `source address ${remote}`],
  ])
}

function some({ ends: { lans, remotes }, random, language }: Asked): string[] {
  const [lan, remote] = [halfOf(pick(random, lans), random), halfOf(pick(random, remotes), random)]
  return pick<string[]>(random, [
    [`source address ${remote}`],
    [`destination address ${lan}`, 'protocol tcp'],
    [`source address '!${lan}'`, 'protocol icmp', 'icmp type-name echo-request'],
    [`destination address ${remote}`, 'protocol udp', 'destination port 7000'],
    [`source address ${remote}`, language === 'vyos-1.5' ? 'ipsec match-none-in' : 'ipsec match-none'],
    [`destination address ${remote.first}-${remote.last}`, 'state new'],
    ["source group network-group '!OWN'", 'protocol udp'],
  ])
}

/** Before destination NAT, and of packets that are not tracked yet. */
function untracked({ visible, lans, remotes }: Ends, random: Random): string[] {
  const own = halfOf(pick(random, [...visible, ...lans]), random)
  const remote = halfOf(pick(random, remotes), random)
  return pick<string[]>(random, [
    [`destination address ${own}`],
    [`source address ${remote}`, 'protocol tcp'],
    [`source address ${remote}`, 'protocol tcp', 'state established'],
  ])
}
