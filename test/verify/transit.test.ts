import { describe, expect, it } from 'vitest'
import { natplan } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

interface Spoke {
  readonly outside: string
  readonly translated: string
}

const hub = { outside: '198.51.100.1', subnet: '10.10.0.0/24' }
const spokes = {
  a: { outside: '203.0.113.1', translated: '192.168.1.0/24' },
  c: { outside: '192.0.2.1', translated: '192.168.3.0/24' },
} as const satisfies Record<string, Spoke>

const groups = `set vpn ipsec ike-group I key-exchange ikev2
set vpn ipsec ike-group I proposal 1 dh-group 14
set vpn ipsec ike-group I proposal 1 encryption aes256
set vpn ipsec ike-group I proposal 1 hash sha256
set vpn ipsec esp-group E pfs dh-group14
set vpn ipsec esp-group E proposal 1 encryption aes256
set vpn ipsec esp-group E proposal 1 hash sha256
`

function peer(name: string, ends: readonly [string, string], pairs: readonly (readonly [string, string])[]): string {
  const [here, there] = ends
  const tunnels = pairs.flatMap(([local, remote], at) => [
    `tunnel ${at + 1} local prefix ${local}`,
    `tunnel ${at + 1} remote prefix ${remote}`,
  ])
  const leaves = [
    'authentication mode pre-shared-secret',
    `authentication local-id ${here}`,
    `authentication remote-id ${there}`,
    'connection-type respond',
    'default-esp-group E',
    'ike-group I',
    `local-address ${here}`,
    `remote-address ${there}`,
    ...tunnels,
  ]
  return leaves.map((leaf) => `set vpn ipsec site-to-site peer ${name} ${leaf}\n`).join('')
}

function interfaces(outside: string, inside: string): string {
  const uplink = `set protocols static route 0.0.0.0/0 next-hop ${outside.replace(/\d+$/, '254')}\n`
  return `set interfaces ethernet eth0 address ${outside}/24\nset interfaces ethernet eth1 address ${inside}/24\n${uplink}`
}

/** Each spoke translates itself, towards the hub and towards the other one; both use 10.0.1.0/24. */
function spokeText({ outside, translated }: Spoke, other: Spoke): string {
  const nat = [hub.subnet, other.translated].flatMap((far, at) => [
    `source rule ${at + 1} outbound-interface name eth0`,
    `source rule ${at + 1} source address 10.0.1.0/24`,
    `source rule ${at + 1} destination address ${far}`,
    `source rule ${at + 1} translation address ${translated}`,
    `destination rule ${at + 1} inbound-interface name eth0`,
    `destination rule ${at + 1} source address ${far}`,
    `destination rule ${at + 1} destination address ${translated}`,
    `destination rule ${at + 1} translation address 10.0.1.0/24`,
  ])
  const pairs = [hub.subnet, other.translated].map((far) => [translated, far] as const)
  const lines = nat.map((line) => `set nat ${line}\n`).join('')
  return `${interfaces(outside, '10.0.1.1')}${groups}${peer('HUB', [outside, hub.outside], pairs)}${lines}`
}

/** The hub only hands on. */
function hubText(): string {
  const { a, c } = spokes
  const towards = (name: string, spoke: Spoke, other: Spoke) =>
    peer(
      name,
      [hub.outside, spoke.outside],
      [
        [hub.subnet, spoke.translated],
        [other.translated, spoke.translated],
      ],
    )
  return `${interfaces(hub.outside, '10.10.0.1')}${groups}${towards('A', a, c)}${towards('C', c, a)}`
}

const sites = ['a=a.txt', 'c=c.txt', 'hub=hub.txt']
const configs = sites.flatMap((site) => ['--config', site])

function folderOfAll(): string {
  const { a, c } = spokes
  return temporaryFolder({ 'a.txt': spokeText(a, c), 'c.txt': spokeText(c, a), 'hub.txt': hubText() })
}

describe('spokes that talk through a hub', () => {
  it('are proven, and what the hub hands on has something behind it', () => {
    const { status, stdout, stderr } = natplan(['verify', ...sites], { cwd: folderOfAll() })
    expect(status).toBe(0)
    expect(stdout).toMatch(/a - hub +proven .*\n +c - hub +proven/)
    expect(stderr).not.toContain('SELECTOR_UNBACKED')
  })

  it('still shows a selector that the hub hands to nobody', () => {
    const text = hubText().replace(/^.*peer C tunnel 2 .*\n/gm, '')
    const folder = temporaryFolder({ 'hub.txt': text })
    const { stderr } = natplan(['verify', 'hub=hub.txt'], { cwd: folder })
    expect(stderr).toMatch(/SELECTOR_UNBACKED hub carries 192\.168\.3\.0\/24 ↔ 192\.168\.1\.0\/24/)
  })

  it('are found by their real address', () => {
    const { status, stdout } = natplan(['trace', 'a:10.0.1.5', 'c:10.0.1.9', ...configs], { cwd: folderOfAll() })
    expect([status, stdout]).toEqual([0, expect.stringContaining('tcp from a 10.0.1.5 port 40000 to 192.168.3.9')])
  })

  it('may have a name that could begin an IPv6 address', () => {
    const { stdout } = natplan(['trace', 'a:fd00::5', 'fd00:b::9', ...configs], { cwd: folderOfAll() })
    expect(stdout).toContain('from a fd00::5 port 40000 to fd00:b::9')
  })
})
