import { type Accept, missingAccepts, type Platform, verify, worldOfDevices } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { isMember, newComplaints } from '../grammar/device.ts'
import { root } from '../support/command.ts'
import { acceptanceTexts, planOfExample, sourceOf, textsOf } from './configurations.ts'

type Texts = ReturnType<typeof acceptanceTexts>

function worldOf(texts: Texts) {
  return worldOfDevices([...texts].map(([site, text]) => sourceOf(site, text))).world
}

/** The acceptance example with a firewall at the cloud's gateway. */
function withFirewall(platform: Platform, firewall: string): Texts {
  const texts = acceptanceTexts(platform)
  return texts.set('cloud', { platform, text: `${texts.get('cloud')?.text}${firewall}` })
}

function linesFor(platform: Platform, accepts: readonly Accept[]): string[] {
  return (platformModule(platform)?.acceptLines?.(accepts) ?? []).flatMap(({ lines }) => lines)
}

const set = (...lines: readonly string[]) => lines.map((line) => `set ${line}\n`).join('')

const interfaceSets = (name: string) =>
  set(
    'firewall name WAN_IN default-action drop',
    'firewall name WAN_IN rule 10 action accept',
    'firewall name WAN_IN rule 10 state established enable',
    'firewall name WAN_IN rule 11 disable',
    'firewall name WAN_IN rule 11 action accept',
    'firewall name WAN_IN rule 12 action drop',
    'firewall name WAN_IN rule 12 source address 192.168.0.0/16',
    'firewall name WAN_LOCAL default-action drop',
    'firewall name WAN_LOCAL rule 10 action accept',
    'firewall name WAN_LOCAL rule 10 protocol icmp',
    `interfaces ethernet ${name} firewall in name WAN_IN`,
    `interfaces ethernet ${name} firewall local name WAN_LOCAL`,
  )

const zones = (zone: string, name: string) =>
  set(
    `${zone} WAN interface eth1`,
    `${zone} WAN default-action drop`,
    `${zone} LAN interface eth0`,
    `${zone} LAN default-action drop`,
    `${zone} LOCAL local-zone`,
    `${zone} LOCAL default-action drop`,
    `${zone} WAN from LAN firewall name OPEN`,
    `${zone} WAN from LOCAL firewall name OPEN`,
    `${name} OPEN default-action accept`,
  )

const chains = set(
  'firewall ipv4 forward filter default-action drop',
  'firewall ipv4 forward filter rule 5 action jump',
  'firewall ipv4 forward filter rule 5 jump-target FROM_WAN',
  'firewall ipv4 forward filter rule 5 inbound-interface name eth1',
  'firewall ipv4 name FROM_WAN rule 10 action drop',
  'firewall ipv4 name FROM_WAN rule 10 source address 192.168.1.0/24',
  'firewall ipv4 input filter default-action drop',
  'firewall ipv4 output filter default-action drop',
)

const nft = `table inet filter {
  chain input { type filter hook input priority 0; policy drop;
    ct state established,related accept
  }
  chain forward { type filter hook forward priority 0; policy drop;
    iifname "eth1" jump from-wan
    iifname "eth0" accept
  }
  chain from-wan { ct state established accept
    ip saddr 192.168.0.0/16 drop
  }
}
`

const dataplane = (...lines: readonly string[]) =>
  set(
    'interfaces dataplane dp0s1 address 203.0.113.10/24',
    'interfaces dataplane dp0s2 address 10.0.1.1/27',
    'security firewall name LAN rule 10 action accept',
    'security firewall name LAN rule 10 protocol icmp',
    'security firewall name LAN rule 10 state enable',
    ...lines,
  )

const dataplaneSets = dataplane(
  'interfaces dataplane dp0s1 firewall in WAN',
  'interfaces dataplane dp0s2 firewall in LAN',
  'interfaces virtual-feature-point vfp0 firewall in TUNNEL',
  'interfaces virtual-feature-point vfp0 firewall out TUNNEL',
  'security firewall name WAN rule 10 action drop',
  'security firewall name TUNNEL default-action drop',
)

const dataplaneLocal = dataplane(
  'interfaces dataplane dp0s1 firewall local SELF',
  'security firewall name SELF default-action drop',
)

const dataplaneZones = dataplane(
  'security zone-policy zone LAN interface dp0s2',
  'security zone-policy zone LAN to TUNNEL firewall LAN',
  'security zone-policy zone LAN default-action accept',
  'security zone-policy zone TUNNEL interface vfp0',
)

const tunnelInNoZone = dataplane(
  'security zone-policy zone LAN interface dp0s2',
  'security zone-policy zone WAN interface dp0s1',
  'security zone-policy zone LAN to WAN firewall ALLOWALL',
  'security zone-policy zone WAN to LAN firewall ALLOWALL',
  'security firewall name ALLOWALL default-action accept',
)

const rows: readonly (readonly [string, Platform, string])[] = [
  ['sets of an interface', 'vyos-1.3', interfaceSets('eth1')],
  ['sets of an interface', 'edgeos', interfaceSets('eth1')],
  ['sets of an interface', 'vyatta-5400', interfaceSets('eth1')],
  ['zones with pairs that have no set', 'vyos-1.3', zones('zone-policy zone', 'firewall name')],
  ['zones with pairs that have no set', 'vyos-1.4', zones('firewall zone', 'firewall ipv4 name')],
  ['chains', 'vyos-1.4', chains],
  ['chains', 'vyos-1.5', chains],
  [
    'a rule for what is not encrypted, which asks before source NAT',
    'vyos-1.5',
    set(
      'firewall ipv4 forward filter rule 5 action drop',
      'firewall ipv4 forward filter rule 5 ipsec match-none-out',
      'firewall ipv4 forward filter rule 5 source address 10.0.1.0/27',
    ),
  ],
  ['sets of interfaces, some of which are missing', 'vyatta-5600', dataplaneSets],
  ['zones with a pair that has no set', 'vyatta-5600', dataplaneZones],
  ['a set for the gateway itself', 'vyatta-5600', dataplaneLocal],
  ['zones, and a tunnel that is in none', 'vyatta-5600', tunnelInNoZone],
]

describe('the rules that are missing', () => {
  it.each(rows)('make all pass once they are entered: %s of %s', (_, platform, firewall) => {
    const texts = withFirewall(platform, firewall)
    const world = worldOf(texts)
    expect(verify(world).result).toBe('fault')
    const lines = linesFor(platform, missingAccepts(world))
    expect(lines.filter((line) => line.startsWith('#'))).toEqual([])
    const text = `${texts.get('cloud')?.text}${lines.map((line) => `${line}\n`).join('')}`
    const opened = worldOf(texts.set('cloud', { platform, text }))
    expect(verify(opened).result).toBe('proven')
    expect(missingAccepts(opened)).toEqual([])
    if (isMember(platform))
      expect(
        newComplaints(platform, {
          others: `${acceptanceTexts(platform).get('cloud')?.text}${firewall}`,
          text: `${lines.join('\n')}\n`,
        }),
      ).toEqual([])
    // Nothing of others is changed: every rule that is written is a new one.
    const taken = new Set(firewall.split('\n').map(ruleOf))
    expect(lines.filter((line) => line.includes(' rule ') && taken.has(ruleOf(line)))).toEqual([])
  })

  it('are commands for nft, which put them in front of what drops', () => {
    const texts = withFirewall('linux', nft)
    const lines = linesFor('linux', missingAccepts(worldOf(texts)))
    expect(lines).toEqual([
      expect.stringMatching(
        /^nft insert rule inet filter input ip saddr \S+ udp dport \{ 500, 4500 \} accept comment '"natplan: IKE"'$/,
      ),
      expect.stringMatching(
        /^nft insert rule inet filter input ip saddr \S+ meta l4proto esp accept comment '"natplan: ESP"'$/,
      ),
      `nft insert rule inet filter from-wan ip saddr 192.168.1.0/24 ip daddr 10.0.1.0/27 meta ipsec exists accept comment '"natplan: from 192.168.1.0/24 to 10.0.1.0/27"'`,
    ])
    const put = lines.reduce(inserted, nft)
    const { platform = 'linux', text = '' } = texts.get('cloud') ?? {}
    const opened = worldOf(texts.set('cloud', { platform, text: text.replace(nft, put) }))
    expect(verify(opened).result).toBe('proven')
  })

  it('come before the call of a set that has no number left in front', () => {
    const texts = withFirewall('vyos-1.4', chains.replaceAll('FROM_WAN rule 10', 'FROM_WAN rule 1'))
    const lines = linesFor('vyos-1.4', missingAccepts(worldOf(texts)))
    expect(lines.filter((line) => line.startsWith('#') || line.includes('FROM_WAN'))).toEqual([])
    expect(lines).toContain('set firewall ipv4 forward filter rule 4 ipsec match-ipsec')
    const text = `${texts.get('cloud')?.text}${lines.map((line) => `${line}\n`).join('')}`
    expect(verify(worldOf(texts.set('cloud', { platform: 'vyos-1.4', text }))).result).toBe('proven')
  })

  it('stand in front of every rule that drops the same packets, those of some protocols as well', () => {
    const some = `${chains.replaceAll(/set firewall ipv4 name FROM_WAN rule 10 .*\n/g, '')}${set(
      'firewall ipv4 name FROM_WAN rule 20 action drop',
      'firewall ipv4 name FROM_WAN rule 20 protocol tcp',
      'firewall ipv4 name FROM_WAN rule 20 destination address 10.0.1.16/28',
      'firewall ipv4 name FROM_WAN rule 30 action accept',
      'firewall ipv4 name FROM_WAN rule 30 protocol icmp',
    )}`
    const texts = withFirewall('vyos-1.4', some)
    const lines = linesFor('vyos-1.4', missingAccepts(worldOf(texts)))
    const numbers = lines.flatMap((line) => /FROM_WAN rule (\d+) action/.exec(line)?.[1] ?? [])
    expect(numbers).toEqual(['19'])
    const text = `${texts.get('cloud')?.text}${lines.map((line) => `${line}\n`).join('')}`
    expect(verify(worldOf(texts.set('cloud', { platform: 'vyos-1.4', text }))).result).toBe('proven')
  })

  it.each<[string, string, readonly string[]]>([
    ['share the numbers that are left', 'rule 2 action drop', ['BOTH rule 1', 'filter rule 4']],
    [
      'leave no second rule behind where one must come before all',
      'rule 1 action drop\nset firewall ipv4 name BOTH rule 1 source address 10.0.1.5',
      ['BOTH rule 10', 'filter rule 4'],
    ],
  ])('%s', (_, dropping, expected) => {
    const firewall = set(
      'firewall ipv4 forward filter default-action accept',
      'firewall ipv4 forward filter rule 5 action jump',
      'firewall ipv4 forward filter rule 5 jump-target BOTH',
      `firewall ipv4 name BOTH ${dropping}`,
      'firewall ipv4 name BOTH default-action drop',
    )
    const texts = withFirewall('vyos-1.4', firewall)
    const lines = linesFor('vyos-1.4', missingAccepts(worldOf(texts)))
    const rules = lines.flatMap((line) => /(\S+ rule \d+) action/.exec(line)?.[1] ?? [])
    expect(rules.sort()).toEqual(expected)
    const text = `${texts.get('cloud')?.text}${lines.map((line) => `${line}\n`).join('')}`
    expect(verify(worldOf(texts.set('cloud', { platform: 'vyos-1.4', text }))).result).toBe('proven')
  })

  it.each<[string, string]>([
    [
      'whose call has none either',
      chains.replaceAll('FROM_WAN rule 10', 'FROM_WAN rule 1').replaceAll('filter rule 5', 'filter rule 1'),
    ],
    [
      'that is called twice',
      `${chains.replaceAll('FROM_WAN rule 10', 'FROM_WAN rule 1')}${set(
        'firewall ipv4 forward filter rule 7 action jump',
        'firewall ipv4 forward filter rule 7 jump-target FROM_WAN',
      )}`,
    ],
  ])('are for somebody to write where no number is left in a set %s', (_, firewall) => {
    const lines = linesFor('vyos-1.4', missingAccepts(worldOf(withFirewall('vyos-1.4', firewall))))
    expect(lines.filter((line) => line.startsWith('#'))).toEqual([
      expect.stringContaining('no number is left in FROM_WAN: make room'),
    ])
  })

  it.each<[string, Platform, string]>([
    [
      'raw',
      'vyos-1.5',
      set(
        'interfaces ethernet eth0 address 10.0.1.1/24',
        'interfaces ethernet eth0 address 10.0.2.1/24',
        'interfaces ethernet eth0 address 10.0.3.1/24',
        'firewall ipv4 prerouting raw default-action accept',
        'firewall ipv4 prerouting raw rule 50 action drop',
        'firewall ipv4 prerouting raw rule 50 source address 10.0.0.0/16',
      ),
    ],
    [
      'in front of destination NAT on a 5600',
      'vyatta-5600',
      set(
        'interfaces dataplane dp0s1 address 192.0.2.100/24',
        'interfaces dataplane dp0s2 address 10.0.1.1/24',
        'interfaces dataplane dp0s2 address 10.0.2.1/24',
        'interfaces dataplane dp0s2 address 10.0.3.1/24',
        'interfaces dataplane dp0s2 firewall in LAN',
        'security firewall name LAN description shut',
      ),
    ],
  ])('are one for each subnet where packets are not translated yet: %s', (_, platform, firewall) => {
    const { texts } = textsOf(planOfExample(`${root}/examples/partial-overlap/natplan.yaml`, platform).plan)
    const all: Texts = new Map([...texts].map(([site, text]) => [site, { platform, text }]))
    const text = `${texts.get('cloud')}${firewall}`
    const lines = linesFor(platform, missingAccepts(worldOf(all.set('cloud', { platform, text }))))
    const sources = lines.flatMap((line) => /source address (\S+)/.exec(line)?.[1] ?? [])
    expect([...new Set(sources)].sort()).toEqual(['10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24'])
    const opened = `${text}${lines.map((line) => `${line}\n`).join('')}`
    expect(verify(worldOf(all.set('cloud', { platform, text: opened }))).result).toBe('proven')
  })

  it('are for somebody to write where packets come in by an interface in no zone', () => {
    const partly = set('zone-policy zone LAN interface eth0')
    const lines = linesFor('vyos-1.3', missingAccepts(worldOf(withFirewall('vyos-1.3', partly))))
    expect(lines.filter((line) => line.startsWith('#'))).toEqual([
      '# accept by hand packets from 192.168.1.0/24 to 10.0.1.0/27 out of the tunnel, in front of what drops them: no rule can be put into zone LAN; put the interface that they come in by into a zone, and give LAN a set for packets from it',
    ])
  })

  it('are none where the firewall lets all pass', () => {
    const open = set(
      'firewall ipv4 forward filter default-action accept',
      'firewall ipv4 input filter rule 1 action drop',
    )
    const only = `${open}${set('firewall ipv4 input filter rule 1 source address 203.0.113.77')}`
    expect(missingAccepts(worldOf(withFirewall('vyos-1.4', only)))).toEqual([])
  })
})

/** Which rule a line is about. */
function ruleOf(line: string): string {
  return /^set (.* rule \d+)\b/.exec(line)?.[1] ?? ''
}

/** What `nft insert rule` does to a text: the rule comes first in its chain. */
function inserted(text: string, line: string): string {
  const [, chain = '', rule = ''] = /^nft insert rule inet filter (\S+) (.*)$/.exec(line.replaceAll("'", '')) ?? []
  return text.replace(new RegExp(`(chain ${chain} \\{(?: type [^;]*; policy drop;)?)`), `$1\n${rule}\n`)
}
