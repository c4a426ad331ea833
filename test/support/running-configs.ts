import type { Platform } from '@natplan/core'
import * as fc from 'fast-check'

/** What people do to a configuration that natplan wrote. */
export type Edit =
  | { readonly kind: 'drop line' | 'drop thing' | 'change value' | 'disable'; readonly at: number }
  | { readonly kind: 'add line'; readonly at: number; readonly below: string }

const below = [
  'disable',
  'log',
  "protocol 'tcp'",
  "description 'mine'",
  "proposal 2 encryption 'aes128'",
  "tunnel 7 protocol 'gre'",
]

export const edits: fc.Arbitrary<readonly Edit[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom('drop line' as const, 'drop thing' as const, 'change value' as const, 'disable' as const),
      at: fc.nat(10_000),
    }),
    fc.record({ kind: fc.constant('add line' as const), at: fc.nat(10_000), below: fc.constantFrom(...below) }),
  ),
  { maxLength: 6 },
)

/** The lines with the edits made, one after the other. */
export function edited(lines: readonly string[], all: readonly Edit[]): string[] {
  return all.reduce<readonly string[]>(editedOnce, lines) as string[]
}

function editedOnce(lines: readonly string[], edit: Edit): readonly string[] {
  const line = lines[edit.at % Math.max(lines.length, 1)]
  if (line === undefined) return lines
  const thing = thingOf(line)
  switch (edit.kind) {
    case 'drop line':
      return isMark(line) ? lines : lines.filter((one) => one !== line)
    case 'drop thing':
      return lines.filter((one) => thing === undefined || !one.startsWith(`${thing} `))
    case 'change value':
      return lines.map((one) => (one === line && !one.includes('description') ? changed(one) : one))
    case 'disable':
      return thing === undefined ? lines : added(lines, `${thing} disable`)
    case 'add line':
      return thing === undefined || isMark(`${thing} ${edit.below}`) ? lines : added(lines, `${thing} ${edit.below}`)
  }
}

/** A rule or virtual interface is natplan's by its description alone, so one that loses it is of others from then on. */
function isMark(line: string): boolean {
  return /^set .*( rule \d+| (?:virtual-feature-point|vti|virtual-ethernet) \S+) description /.test(line)
}

/** `set nat source rule 1000` of a line of that rule. */
function thingOf(line: string): string | undefined {
  return /^set .*?(?: rule \d+| peer \S+| (?:esp|ike)-group \S+| (?:virtual-feature-point|interfaces vti|virtual-ethernet) \S+| interface-route6? \S+ next-hop-interface \S+| vrf name natplan\d+| static route6? \S+ (?:interface vti\d+|next-hop 169\.254\.\S+))/.exec(
    line,
  )?.[0]
}

/** A second value of a leaf that holds one replaces the first, as on the device. */
function added(lines: readonly string[], line: string): string[] {
  const leaf = line.replace(/ '[^']*'$/, '')
  const others = leaf === line ? lines : lines.filter((one) => one.replace(/ (?:'[^']*'|\S+)$/, '') !== leaf)
  return others.includes(line) ? [...others] : [...others, line]
}

/** Another prefix, number or word in the place of the last. */
function changed(line: string): string {
  return line.replace(/ '?([^' ]+)'?$/, (whole, value: string) => {
    if (/^\d+\.\d+\.\d+\.\d+\//.test(value)) return whole.replace(value, `172.31.0.0/${value.split('/')[1]}`)
    if (/^\d+$/.test(value) && !/tunnel|rule/.test(line.split(' ').at(-2) ?? ''))
      return whole.replace(value, `${Number(value) + 1}`)
    return whole
  })
}

/** Those of the lines whose rules and peers do not stand in the others. */
export function apartFrom(others: readonly string[], lines: readonly string[]): string[] {
  const things = new Set(others.map(thingOf))
  return lines.filter((line) => thingOf(line) === undefined || !things.has(thingOf(line)))
}

/** Lines that natplan has nothing to do with, or that only look as if it had. */
export function foreignLines(platform: Platform): fc.Arbitrary<readonly string[]> {
  return fc.subarray(foreignOf(platform))
}

function foreignOf(platform: Platform): string[] {
  const vpn = platform === 'vyatta-5600' ? 'set security vpn ipsec' : 'set vpn ipsec'
  const peer = platform.startsWith('vyos-1.4') || platform.startsWith('vyos-1.5') ? 'OLD' : '192.0.2.200'
  return [
    "set system host-name 'gw'",
    "set system login banner pre-login 'natplan: nothing to do with it'",
    "set interfaces ethernet eth7 description 'natplan: also not'",
    "set protocols static route 172.20.0.0/16 next-hop '10.255.0.1'",
    "set protocols static route 0.0.0.0/0 next-hop '192.0.2.1'",
    "set firewall group network-group natplan-x network '10.0.0.0/8'",
    ...ruleLines(platform),
    `${vpn} ike-group OLD proposal 1 encryption 'aes256'`,
    `${vpn} esp-group OLD proposal 1 encryption 'aes256'`,
    `${vpn} site-to-site peer ${peer} description 'an older tunnel'`,
    `${vpn} site-to-site peer ${peer} ike-group 'OLD'`,
    `${vpn} site-to-site peer ${peer} tunnel 1000 local prefix '172.30.0.0/24'`,
    `${vpn} site-to-site peer ${peer} tunnel 1000 remote prefix '172.30.1.0/24'`,
  ]
}

/** Rules in front of, among and behind natplan's, for hosts and on an interface of their own. */
function ruleLines(platform: Platform): string[] {
  if (platform === 'edgeos') {
    return [1, 1003, 5003, 9000].flatMap((number) => [
      `set service nat rule ${number} description 'to eth7'`,
      `set service nat rule ${number} outbound-interface 'eth7'`,
      `set service nat rule ${number} type 'masquerade'`,
    ])
  }
  const root = platform === 'vyatta-5600' ? 'set service nat' : 'set nat'
  const leaf = platform === 'vyos-1.4' || platform === 'vyos-1.5' ? 'outbound-interface name' : 'outbound-interface'
  return [5, 1005, 9000].flatMap((number) => [
    `${root} source rule ${number} ${leaf} 'eth7'`,
    `${root} source rule ${number} source address '172.29.0.0/16'`,
    `${root} source rule ${number} translation address 'masquerade'`,
  ])
}
