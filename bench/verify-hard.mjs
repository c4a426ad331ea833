// What could make a verification explode: wide NAT, negated rules with ports, many selectors, many subnets on both sides.
// Whole process, result to a pipe; medians of the rounds. Every row ends with an answer or a finding.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, timed } from './timed.mjs'

const rounds = Number(process.argv[2] ?? 3)
const command = fileURLToPath(new URL('../packages/cli/dist/natplan.cjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))

const ends = {
  a: { outside: '203.0.113.1', lan: '10.0.1.1/27', next: '203.0.113.254' },
  b: { outside: '198.51.100.1', lan: '10.2.0.1/24', next: '198.51.100.254' },
}

/** A gateway with its tunnel; `pairs` are local and remote prefixes. */
function gateway(here, there, pairs, lines = []) {
  const peer = 'set vpn ipsec site-to-site peer P'
  return [
    `set interfaces ethernet eth0 address ${here.outside}/24`,
    `set interfaces ethernet eth1 address ${here.lan}`,
    'set interfaces ethernet eth0 ip adjust-mss 1382',
    'set interfaces ethernet eth1 ip adjust-mss 1382',
    `set protocols static route 0.0.0.0/0 next-hop ${here.next}`,
    'set vpn ipsec esp-group E pfs dh-group14',
    'set vpn ipsec esp-group E proposal 1 encryption aes256',
    'set vpn ipsec esp-group E proposal 1 hash sha256',
    'set vpn ipsec ike-group I key-exchange ikev2',
    'set vpn ipsec ike-group I proposal 1 dh-group 14',
    'set vpn ipsec ike-group I proposal 1 encryption aes256',
    'set vpn ipsec ike-group I proposal 1 hash sha256',
    'set vpn ipsec interface eth0',
    `set vpn ipsec authentication psk P id ${here.outside}`,
    `set vpn ipsec authentication psk P id ${there.outside}`,
    'set vpn ipsec authentication psk P secret EXAMPLE-ONLY-0123456789abcdef',
    `${peer} authentication local-id ${here.outside}`,
    `${peer} authentication mode pre-shared-secret`,
    `${peer} authentication remote-id ${there.outside}`,
    `${peer} remote-address ${there.outside}`,
    `${peer} local-address ${here.outside}`,
    `${peer} connection-type respond`,
    `${peer} default-esp-group E`,
    `${peer} ike-group I`,
    ...pairs.flatMap(([local, remote], at) => [
      `${peer} tunnel ${at + 1} local prefix ${local}`,
      `${peer} tunnel ${at + 1} remote prefix ${remote}`,
    ]),
    ...lines,
  ].join('\n')
}

const mirrored = (pairs) => pairs.map(([local, remote]) => [remote, local])
const octets = (index) => `${index >> 8}.${index & 255}`

function wide() {
  const pairs = [['192.168.2.0/27', '192.168.1.0/24']]
  const nat = [
    'set nat source rule 10 outbound-interface name eth0',
    'set nat source rule 10 source address 10.0.0.0/8',
    'set nat source rule 10 destination address 192.168.1.0/24',
    'set nat source rule 10 translation address 192.168.2.0/27',
  ]
  return [gateway(ends.a, ends.b, pairs, nat), gateway(ends.b, ends.a, mirrored(pairs))]
}

function negated() {
  const pairs = [['10.0.1.0/27', '10.2.0.0/24']]
  const nat = Array.from({ length: 400 }, (_, index) => [
    `set nat source rule ${index + 10} outbound-interface name eth0`,
    `set nat source rule ${index + 10} protocol tcp`,
    `set nat source rule ${index + 10} destination address !10.${octets(index + 512)}.0/24`,
    `set nat source rule ${index + 10} destination port !${index + 1000}`,
    `set nat source rule ${index + 10} source address !10.${octets(index + 1024)}.0/24`,
    `set nat source rule ${index + 10} translation address masquerade`,
  ]).flat()
  return [gateway(ends.a, ends.b, pairs, nat), gateway(ends.b, ends.a, mirrored(pairs))]
}

function selectors() {
  const pairs = Array.from({ length: 2000 }, (_, index) => [
    `10.0.1.${index % 32}/32`,
    `10.${octets(index + 768)}.0/24`,
  ])
  return [gateway(ends.a, ends.b, pairs), gateway(ends.b, ends.a, mirrored(pairs))]
}

function subnets() {
  const side = (outside, second) => ({
    subnets: Array.from({ length: 300 }, (_, index) => `10.${second + (index >> 8)}.${index & 255}.0/24`),
    gateway: { platform: 'vyos-1.4', outside: { interface: 'eth0', address: outside }, inside: { interface: 'eth1' } },
  })
  return {
    version: 1,
    pools: ['172.16.0.0/12'],
    sites: { a: side(ends.a.outside, 0), b: side(ends.b.outside, 0) },
    tunnels: [{ sites: ['a', 'b'] }],
  }
}

function row(what, goal, args) {
  const runs = Array.from({ length: rounds }, () => timed([command, ...args], { good: [0, 1, 3] }))
  const seconds = median(runs.map((run) => run.seconds)).toFixed(2)
  const megabytes = median(runs.map((run) => run.megabytes)).toFixed(0)
  console.log(
    `${what.padEnd(34)}  ${seconds.padStart(7)}  ${goal.padStart(5)}  ${megabytes.padStart(7)}  ${runs[0].status}`,
  )
}

function texts(name, [a, b]) {
  const files = { a: join(folder, `${name}-a.txt`), b: join(folder, `${name}-b.txt`) }
  writeFileSync(files.a, `${a}\n`)
  writeFileSync(files.b, `${b}\n`)
  return ['verify', `a=${files.a}`, `b=${files.b}`, '--output', 'json']
}

try {
  console.log(`what                                seconds   goal  peak MB  status  (medians of ${rounds})`)
  row('source rule 10.0.0.0/8 to /27', '1 s', texts('wide', wide()))
  row('400 negated rules with ports', '5 s', texts('negated', negated()))
  row('2,000 selectors', '5 s', texts('selectors', selectors()))
  const plan = join(folder, 'subnets.json')
  writeFileSync(plan, JSON.stringify(subnets()))
  row('300 x 300 subnets', '20 s', ['verify', '-f', plan, '--output', 'json'])
} finally {
  rmSync(folder, { recursive: true, force: true })
}
