import { Address, type GatewayPolicy, Prefix, type SiteName } from '@natplan/core'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../secret.ts'
import { generic } from './index.ts'

const near = Prefix.parse('10.0.1.0/24')
const visible = Prefix.parse('192.168.1.0/24')
const far = Prefix.parse('192.168.2.0/27')

const rule = {
  direction: 'source',
  number: 1000,
  interface: 'wan',
  source: near,
  destination: far,
  action: { kind: 'map', to: visible },
  description: 'natplan: here to there',
} as const

const tunnel = {
  peer: 'there',
  local: { address: { kind: 'known', address: Address.parse('192.0.2.1') }, identity: '192.0.2.1' },
  remote: { address: { kind: 'known', address: Address.parse('192.0.2.2') }, identity: '@there' },
  ike: {
    version: 1,
    encryption: 'aes256',
    hash: 'sha1',
    dhGroup: 5,
    lifetime: 28_800,
    deadPeer: { action: 'restart', interval: 30, timeout: 120 },
  },
  esp: { encryption: 'aes256', hash: 'sha1', dhGroup: undefined, lifetime: 3600 },
  start: 'respond',
  authentication: { kind: 'key' },
  forceNatTraversal: true,
  selectors: [{ number: 1000, local: visible, remote: far, interface: undefined }],
} as const

const policy = {
  site: 'here',
  platform: 'generic',
  outside: { interface: 'wan', address: { kind: 'known', address: Address.parse('192.0.2.1') } },
  inside: undefined,
  tunnels: [tunnel],
  nat: [rule],
  interfaces: [],
  routes: [],
  discards: [visible],
  clamps: [{ interface: 'wan', mss: 1382 }],
} as unknown as GatewayPolicy

function sheet(part: object = {}): string {
  const { texts, findings } = generic().render({ ...policy, ...part }, { secrets: new Map() })
  if (!texts) throw new Error(JSON.stringify(findings))
  return texts.configure
}

describe('the hand-over sheet', () => {
  it.each([
    ['IKEv1 with its time-out', '| the peer counts as dead after | 120 seconds |'],
    ['no PFS', '| Diffie-Hellman group (ESP: PFS) | 5 (MODP, 1536 bits) | off |'],
    ['the kind of identity', '| kind of identity | IP address | name (FQDN, without the @) |'],
    ['who starts', 'the peer; this gateway waits'],
    ['forced UDP', 'forced: UDP 4500 always'],
    ['the mapping', '| 1000 | `10.0.1.0/24` | `192.168.2.0/27` | `192.168.1.0/24` |'],
    ['an example', '| `10.0.1.77` | `192.168.2.5` | `192.168.1.77` | `192.168.2.5` | `192.168.1.77` | `10.0.1.77` |'],
    ['the largest packet', '| largest packet that fits into the tunnel | 1422 bytes |'],
    ['what only the peers use', '- `192.168.1.0/24`'],
    ['the test', '## Test of the gateway of here'],
  ])('has %s', (_, line) => {
    expect(sheet()).toContain(line)
  })

  it('has the rules of a platform whose source rules have numbers of their own', () => {
    const text = sheet({ platform: 'edgeos', nat: [{ ...rule, number: 5000 }] })
    expect(text).toContain('| 1000 | `10.0.1.0/24` | `192.168.2.0/27` | `192.168.1.0/24` |')
    expect(text).toContain('| `10.0.1.77` |')
  })

  it('has rows of as many cells as their table has', () => {
    for (const table of sheet().split('\n\n')) {
      const rows = table.split('\n').filter((line) => line.startsWith('|'))
      const cells = rows.map((row) => row.split('|').length)
      expect(new Set(cells).size, table).toBeLessThanOrEqual(1)
    }
  })

  it('says that the other end tries once, where it does', () => {
    expect(sheet({ peersThatTryOnce: ['there' as SiteName] })).toContain('and only once, so this gateway comes first')
    expect(sheet()).not.toContain('only once')
  })

  it('says so when there is nothing to translate', () => {
    const text = sheet({ nat: [] })
    expect(text).toContain('None: this tunnel carries only untranslated addresses.')
    expect(text).not.toContain('| source NAT |')
  })

  it('says what it presumes of NAT, and who else could do it', () => {
    expect(sheet()).toContain('with `translateAt: there` in the plan the gateway of there translates for both')
    expect(sheet({ nat: [] })).not.toContain('translateAt')
  })

  it('says which site is behind a prefix where an end hands on', () => {
    const between = { local: 'here' as SiteName, remote: 'beyond' as SiteName }
    const selectors = [...tunnel.selectors, { number: 1010, local: near, remote: far, between }]
    const text = sheet({ tunnels: [{ ...tunnel, selectors }] })
    expect(text).toContain(`| 1010 | \`${near}\` | here | \`${far}\` | beyond |`)
    const of = { ...between, remote: undefined }
    expect(
      sheet({ tunnels: [{ ...tunnel, selectors: [{ number: 1010, local: near, remote: far, between: of }] }] }),
    ).toContain('| several sites |')
    expect(sheet()).not.toContain('hands on')
  })

  it('says what it presumes of selectors where there are several', () => {
    const asked = 'ask for `mode: route` in the plan'
    expect(sheet()).not.toContain(asked)
    const selectors = [...tunnel.selectors, { number: 1010, local: near, remote: far }]
    expect(sheet({ tunnels: [{ ...tunnel, selectors }] })).toContain(asked)
  })

  const vti = { kind: 'tunnel', name: 'vti7', address: undefined, peer: 'there' } as const
  const cable = { kind: 'cable', name: 'near', joins: 'far', peer: 'there' } as const
  const routed = (takes: 'any' | 'narrow') => [
    { ...tunnel, through: { kind: 'route', interface: 'vti7', takes } as const },
  ]
  const into = (name: string) => [
    { prefix: far, to: { kind: 'interface', interface: name }, distance: 1 },
    { prefix: far, to: { kind: 'nowhere' }, distance: 254 },
  ]

  it('asks for a virtual interface and routes where routes choose', () => {
    const part = { interfaces: [vti], routes: into('vti7'), nat: [{ ...rule, interface: 'vti7' }] }
    const text = sheet({ ...part, tunnels: routed('any') })
    expect(text).toContain('| 1000 | `0.0.0.0/0` | `0.0.0.0/0` |')
    expect(text.split('\n').filter((line) => line === '| static route into it | `192.168.2.0/27` |')).toHaveLength(1)
    expect(text).toContain('| 1000 | `10.0.1.0/24` | `192.168.2.0/27` | `192.168.1.0/24` |')
    expect(text).not.toContain('the default route is enough')
    expect(sheet({ ...part, tunnels: routed('narrow') })).toContain('| 1000 | `192.168.1.0/24` | `192.168.2.0/27` |')
    expect(sheet()).not.toContain('virtual interface')
  })

  it('has what the gateway does for its peer, and offers that to nobody else', () => {
    const wire = Prefix.parse('10.0.1.0/27')
    const forPeer = {
      ...rule,
      number: 1010,
      interface: 'far',
      source: wire,
      destination: visible,
      action: { kind: 'map', to: far },
    }
    const text = sheet({
      interfaces: [{ ...vti, vrf: 'v' }, cable, { ...cable, name: 'far', joins: 'near', vrf: 'v' }],
      routes: into('near'),
      nat: [{ ...rule, interface: 'near' }, forPeer],
      tunnels: routed('any').map((one) => ({ ...one, selectors: [{ number: 1000, local: visible, remote: wire }] })),
    })
    expect(text).toContain(
      '| `10.0.1.0/27` | `192.168.1.0/24` | `192.168.2.0/27` | gets the destination `10.0.1.0/27` |',
    )
    expect(text).toContain('| `10.0.1.77` | `192.168.2.5` | `192.168.1.77` |')
    expect(text).not.toContain('translateAt')
  })

  it('never holds a key', () => {
    const key = new Secret('A-key-that-nobody-should-see-anywhere')
    const { texts } = generic().render(policy, { secrets: new Map([['there', key]]) })
    expect(JSON.stringify(texts)).not.toContain(key.reveal())
  })

  it.each([
    ['a peer', 'VALUE_UNSAFE', { tunnels: [{ ...tunnel, peer: 'a | b' }] }],
    ['an identity', 'VALUE_UNSAFE', { tunnels: [{ ...tunnel, local: { ...tunnel.local, identity: '[x](http:y)' } }] }],
    ['an interface', 'VALUE_UNSAFE', { inside: { interface: '<b>' } }],
    ['a pool', 'POLICY_UNSUPPORTED', { nat: [{ ...rule, action: { kind: 'masquerade' } }] }],
  ])('refuses %s that it cannot show', (_, code, part) => {
    const { texts, findings } = generic().render({ ...policy, ...part } as GatewayPolicy, { secrets: new Map() })
    expect(texts).toBeUndefined()
    expect(findings.map((finding) => finding.code)).toEqual([code])
  })
})
