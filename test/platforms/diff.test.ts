import { checkExisting, type GatewayPolicy, type Platform } from '@natplan/core'
import { type Difference, platformModule, Secret } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { acceptance } from '../golden/platforms/cases.ts'
import { derive, type Written } from '../support/policies.ts'

const shown = new Secret('The-key-of-the-plan-32-characters')

function policyOf(written: Written): GatewayPolicy {
  const [policy] = derive(written).policies
  if (!policy) throw new Error('no policy')
  return policy
}

/** The policy of the cloud, and what natplan writes for it. */
function cloudOn(platform: Platform) {
  const policy = policyOf(acceptance(platform, 'vyos-1.4'))
  const { compare, render } = platformModule(platform) ?? {}
  if (!compare || !render) throw new Error(`${platform} cannot be compared`)
  const secrets = new Map([['onpremise', shown]])
  const text = render(policy, { secrets }).texts?.configure ?? ''
  const diff = (running: string, options: { secrets?: ReadonlyMap<string, Secret>; showSecrets?: boolean } = {}) =>
    compare.diff(running, policy, { secrets, showSecrets: false, ...options })
  return { policy, text, diff, compare }
}

function linesOf({ operations }: Difference): string[] {
  return operations.flatMap(({ text }) => text.trimEnd().split('\n'))
}

function without(text: string, pattern: RegExp): string {
  return text
    .split('\n')
    .filter((line) => !pattern.test(line))
    .join('\n')
}

describe('a difference on VyOS 1.4', () => {
  const { text, diff } = cloudOn('vyos-1.4')
  const rule = 'nat source rule 1000'
  const peer = 'vpn ipsec site-to-site peer natplan-onpremise'

  it.each([
    ['nothing', text, []],
    [
      'an exemption that becomes a translation',
      text.replace(/^set nat source rule 1000 translation .*$/m, `set ${rule} exclude`),
      [`set ${rule} translation address '192.168.2.0/27'`, `delete ${rule} exclude`],
    ],
    [
      'a selector, of which a tunnel may have several',
      text.replace("local prefix '192.168.2.0/27'", "local prefix '192.168.9.0/27'"),
      [
        `set ${peer} tunnel 1000 local prefix '192.168.2.0/27'`,
        `delete ${peer} tunnel 1000 local prefix 192.168.9.0/27`,
      ],
    ],
    [
      'a rule that stands at another number',
      text.replaceAll(rule, 'nat source rule 1500'),
      [
        `set ${rule} description 'natplan: cloud 10.0.1.0/27 to onpremise 10.0.1.0/24'`,
        `set ${rule} destination address '192.168.1.0/24'`,
        `set ${rule} source address '10.0.1.0/27'`,
        `set ${rule} translation address '192.168.2.0/27'`,
        'delete nat source rule 1500',
      ],
    ],
    [
      'a rule that is for one uplink only',
      `${text}set ${rule} outbound-interface name 'eth1'\n`,
      [`delete ${rule} outbound-interface`],
    ],
    ['a rule that somebody switched off', `${text}set ${rule} disable\n`, [`delete ${rule} disable`]],
    ['a rule that logs', `${text}set ${rule} log\n`, []],
    ['a setting that others use too', without(text, /^set vpn ipsec interface/), ["set vpn ipsec interface 'eth1'"]],
    ['another IPsec interface beside', `${text}set vpn ipsec interface 'eth5'\n`, []],
    [
      'a segment size',
      text.replace("eth0 ip adjust-mss '1398'", "eth0 ip adjust-mss '1300'"),
      ["set interfaces ethernet eth0 ip adjust-mss '1398'"],
    ],
    [
      'a second identity of the key',
      `${text}set vpn ipsec authentication psk natplan-onpremise id '198.51.100.9'\n`,
      ['delete vpn ipsec authentication psk natplan-onpremise id 198.51.100.9'],
    ],
    [
      'values with blanks',
      `${text}set ${peer} authentication use-x509-id\nset ${peer} vti bind 'a b'\n`,
      [`delete ${peer} authentication use-x509-id`, `delete ${peer} vti`],
    ],
  ])('%s', (_, running, expected) => {
    expect(linesOf(diff(running))).toEqual(expected)
  })

  it('takes away what left: NAT before tunnels, tunnels before what they refer to', () => {
    const left = text.replaceAll('natplan-onpremise', 'natplan-office').replaceAll('rule 1000', 'rule 1010')
    const lines = linesOf(diff(`${text}${left}`))
    expect(lines).toEqual([
      'delete nat source rule 1010',
      'delete nat destination rule 1010',
      'delete vpn ipsec site-to-site peer natplan-office',
      'delete vpn ipsec esp-group natplan-office',
      'delete vpn ipsec ike-group natplan-office',
      'delete vpn ipsec authentication psk natplan-office',
    ])
  })

  it('keeps a group that others use, and says so', () => {
    const others = `set vpn ipsec esp-group natplan-office mode 'tunnel'\nset vpn ipsec profile mine esp-group natplan-office\n`
    const difference = diff(`${text}${others}`)
    expect(linesOf(difference)).toEqual([])
    expect(difference.findings.map(({ code }) => code)).toEqual(['DIFF_STILL_USED'])
  })

  it('takes peers and rules of others for what they are', () => {
    const others = `set nat source rule 1010 description 'not natplan: really'
set nat source rule 1010 exclude
set vpn ipsec site-to-site peer natplanner remote-address '192.0.2.77'
`
    expect(linesOf(diff(`${text}${others}`))).toEqual([])
  })

  it('refuses what cannot be entered, and escapes nothing', () => {
    const hostile = `${text}set nat source rule 1000 "x'; reboot"\n`
    const difference = diff(hostile)
    expect(difference.operations).toEqual([])
    expect(difference.findings.map(({ code }) => code)).toEqual(['VALUE_UNSAFE'])
  })

  it('takes a secret of others off without naming it, and no more than that', () => {
    const lines = linesOf(
      diff(
        `${text}set ${peer} authentication x509 passphrase 'Zx-secret-9'\nset vpn ipsec authentication psk natplan-gone secret 'Zx-secret-9'\n`,
      ),
    )
    expect(lines.join('\n')).not.toContain('Zx-secret')
    expect(lines.filter((line) => line.includes('x509'))).toEqual([`delete ${peer} authentication x509`])
    const leaf = linesOf(
      diff(`${text}set ${peer} authentication x509 passphrase 'Zx-secret-9'\nset ${peer} passphrase 'Zx-secret-9'\n`),
    )
    expect(leaf).toContain(`delete ${peer} passphrase`)
    const strange = diff(`${text}set ${rule} secret=Zx-secret-9\n`)
    expect([strange.operations, strange.findings.map(({ code }) => code)]).toEqual([[], ['VALUE_UNSAFE']])
  })

  it('sets everything on a new device, what others refer to first', () => {
    const lines = linesOf(diff('set system host-name gw\n', { showSecrets: true }))
    const written = text
      .trimEnd()
      .split('\n')
      .filter((line) => !line.startsWith('# '))
    expect([...lines].sort()).toEqual(written.sort())
    const places = ['set vpn ipsec authentication', 'set vpn ipsec esp-group', 'set vpn ipsec site', 'set nat']
    const first = places.map((start) => lines.findIndex((line) => line.startsWith(start)))
    expect(first).toEqual([...first].sort((a, b) => a - b))
  })
})

describe('a selector on a device whose tunnels have one', () => {
  it('is replaced', () => {
    const { text, diff } = cloudOn('vyos-1.3')
    const running = text.replace("local prefix '192.168.2.0/27'", "local prefix '192.168.9.0/27'")
    expect(linesOf(diff(running))).toEqual([
      "set vpn ipsec site-to-site peer 192.0.2.20 tunnel 1000 local prefix '192.168.2.0/27'",
    ])
  })
})

describe('a difference on a 5600', () => {
  const { policy, text, diff, compare } = cloudOn('vyatta-5600')

  it('leaves what others set on the virtual interface, and its routes with other targets', () => {
    const others = `set interfaces virtual-feature-point vfp0 firewall in 'LAN'
set protocols static interface-route 192.168.1.0/25 next-hop-interface 'dp0s9'
set security zone-policy zone TUNNEL interface 'vfp0'
`
    expect(linesOf(diff(`${text}${others}`))).toEqual([])
    const { device } = compare.split(`${text}${others}`, policy).others
    expect(device.routes.map(({ prefix }) => String(prefix))).toEqual(['192.168.1.0/25', '192.168.2.0/27'])
    expect(checkExisting(policy, device).map(({ code }) => code)).toEqual(['EXISTING_ROUTE'])
  })

  it('takes a zone of its own away with the sets that name it', () => {
    const zone = `set security zone-policy zone natplan-tunnel interface vfp0
set security zone-policy zone natplan-tunnel to LAN firewall natplan-x
set security zone-policy zone LAN interface dp0s9
set security zone-policy zone LAN to natplan-tunnel firewall natplan-x
set security firewall name natplan-x rule 10 action accept
`
    expect(linesOf(diff(`${text}${zone}`)).sort()).toEqual([
      'delete security firewall name natplan-x',
      'delete security zone-policy zone LAN to natplan-tunnel firewall natplan-x',
      'delete security zone-policy zone natplan-tunnel',
    ])
  })

  it('switches the virtual interface on again', () => {
    expect(linesOf(diff(`${text}set interfaces virtual-feature-point vfp0 disable\n`))).toEqual([
      'delete interfaces virtual-feature-point vfp0 disable',
    ])
  })

  it('removes routes in whole or in part', () => {
    const others = "set protocols static interface-route 10.7.0.0/25 next-hop-interface 'dp0s9'\n"
    const left = ['10.7.0.0/25', '10.7.0.128/25']
      .map((prefix) => `set protocols static interface-route ${prefix} next-hop-interface 'vfp0'\n`)
      .join('')
    expect(linesOf(diff(`${text}${others}${left}`))).toEqual([
      'delete protocols static interface-route 10.7.0.0/25 next-hop-interface vfp0',
      'delete protocols static interface-route 10.7.0.128/25',
    ])
  })

  it('sets a route anew that somebody switched off', () => {
    const route = 'protocols static interface-route 192.168.1.0/25 next-hop-interface'
    expect(linesOf(diff(`${text}set ${route} 'vfp0' disable\n`))).toEqual([
      `delete ${route} vfp0`,
      `set ${route} 'vfp0'`,
    ])
  })

  it('moves to another virtual interface, and keeps one that others use', () => {
    const old = text.replaceAll('vfp0', 'vfp7')
    const lines = linesOf(diff(old))
    expect(lines[0]).toBe("set interfaces virtual-feature-point vfp0 address '169.254.123.123/32'")
    expect(lines.at(-1)).toBe('delete interfaces virtual-feature-point vfp7')
    const used = diff(`${old}set security zone-policy zone TUNNEL interface 'vfp7'\n`)
    expect(linesOf(used).some((line) => line.startsWith('delete interfaces'))).toBe(false)
    expect(used.findings.map(({ code }) => code)).toEqual(['DIFF_STILL_USED'])
  })

  it('knows an address in either spelling', () => {
    const running = text.replaceAll("source address '10.0.1.0/27'", "source address '10.0.1.0/27'")
    expect(linesOf(diff(running.replace("address '169.254.123.123/32'", "address '169.254.123.123'")))).toEqual([])
  })
})

describe('a key', () => {
  const platforms = ['vyos-1.4', 'vyos-1.3', 'vyatta-5600', 'vyatta-5400', 'edgeos'] as const

  it.each(platforms)('is compared and never shown on %s', (platform) => {
    const { text, diff } = cloudOn(platform)
    const other = 'Another-key-that-somebody-entered'
    const running = text.replace(shown.reveal(), other)
    const hidden = diff(running)
    expect(hidden.keys).toEqual([{ peer: 'onpremise', outcome: 'differs' }])
    expect(linesOf(hidden)).toEqual([expect.stringMatching(/^# set .*: not shown; /)])
    expect(JSON.stringify(hidden)).not.toContain(other)
    expect(JSON.stringify(hidden)).not.toContain(shown.reveal())
    expect(linesOf(diff(running, { showSecrets: true }))).toEqual([expect.stringContaining(`'${shown.reveal()}'`)])
  })

  it.each([
    ['masked', (text: string) => text.replace(shown.reveal(), '********'), {}],
    ['unknown to natplan', (text: string) => text, { secrets: new Map() }],
  ])('is not compared when it is %s', (_, change, options) => {
    const { text, diff } = cloudOn('vyatta-5600')
    const difference = diff(change(text), options)
    expect(difference.keys).toEqual([{ peer: 'onpremise', outcome: 'not compared' }])
    expect(difference.operations).toEqual([])
    expect(difference.findings.map(({ code }) => code)).toEqual(['DIFF_KEY_NOT_COMPARED'])
  })

  it('that is missing has to be set', () => {
    const { text, diff } = cloudOn('vyos-1.4')
    const lines = linesOf(diff(without(text, / secret /)))
    expect(lines).toEqual([
      '# set vpn ipsec authentication psk natplan-onpremise secret: not shown; without it the device refuses to commit',
    ])
  })
})

describe('a difference on Linux', () => {
  const { diff } = cloudOn('linux')
  const policy = policyOf(acceptance('linux', 'vyos-1.4'))
  const files = platformModule('linux')?.render(policy, { secrets: new Map([['onpremise', shown]]) }).texts?.files ?? []
  const textOf = (name: string) => files.find((file) => file.name === name)?.text ?? ''
  const [nft, connections, secrets, kernel] = [
    'natplan.nft',
    'natplan-connections.conf',
    'natplan-secrets.conf',
    'natplan-sysctl.conf',
  ].map(textOf)
  const all = `${nft}${connections}${secrets}`
  const kinds = ({ operations }: Difference) => operations.map(({ kind, path }) => `${kind} ${path.join(' ')}`)

  it('has nothing to do, whatever the gateway has counted', () => {
    expect(diff(all.replaceAll(' counter ', ' counter packets 7 bytes 588 ')).operations).toEqual([])
  })

  it('loads the table anew when somebody took a guard out', () => {
    const edited = all.replace(/^.*rt ipsec missing counter drop\n/m, '')
    const difference = diff(edited)
    expect(kinds(difference)).toEqual(['replace /etc/natplan/natplan.nft', 'replace /etc/sysctl.d/90-natplan.conf'])
    expect(linesOf(difference).join('\n')).toContain('nft --check --file /etc/natplan/natplan.nft.new')
    expect(kinds(diff(`${edited}${kernel}`))).toEqual(['replace /etc/natplan/natplan.nft'])
  })

  it('loads the table anew where the guards stand at the outside interface only', () => {
    const older = all.replaceAll('ifname != "eth0"', 'ifname "eth1"')
    expect(platformModule('linux')?.readDevice?.(older).device.unread).toEqual([])
    expect(kinds(diff(`${older}${kernel}`))).toEqual(['replace /etc/natplan/natplan.nft'])
  })

  it.each([
    ['says otherwise', 'net.ipv4.icmp_errors_use_inbound_ifaddr = 0\n', ['replace /etc/sysctl.d/90-natplan.conf']],
    ['says the same', 'net.ipv4.icmp_errors_use_inbound_ifaddr = 1\n', []],
    ['says nothing', '', []],
  ])('sets the kernel where the text %s', (_, setting, expected) => {
    const difference = diff(`${all}${setting}`)
    expect(kinds(difference)).toEqual(expected)
    expect(linesOf(difference).join('\n').includes('sysctl -q -p /etc/sysctl.d/90-natplan.conf')).toBe(
      expected.length > 0,
    )
  })

  it('replaces the connections, and ends a tunnel that left', () => {
    const left = connections?.replaceAll('natplan-onpremise', 'natplan-office') ?? ''
    const difference = diff(`${all}${left}`)
    expect(kinds(difference)).toEqual([
      'replace /etc/swanctl/conf.d/natplan-connections.conf',
      'run swanctl --load-all',
      'run swanctl --terminate --force --ike natplan-office',
    ])
    expect(JSON.stringify(difference)).not.toContain(shown.reveal())
  })

  it('leaves connections of others in files of their own', () => {
    expect(diff(`${all}connections {\n  mine {\n    version = 2\n  }\n}\n`).operations).toEqual([])
  })

  it('says nothing of keys that the text does not show', () => {
    expect(diff(`${nft}${connections}`).keys).toEqual([{ peer: 'onpremise', outcome: 'not compared' }])
  })

  it('writes keys only when asked, and then all of them', () => {
    const other = all.replace(shown.reveal(), 'Another-key-that-somebody-entered')
    expect(linesOf(diff(other))[0]).toMatch(/^# \/etc\/swanctl\/conf.d\/natplan-secrets.conf: not shown; /)
    expect(linesOf(diff(other, { showSecrets: true })).join('\n')).toContain(`secret = "${shown.reveal()}"`)
  })

  it('writes everything on a new gateway', () => {
    const difference = diff('table inet mine {\n}\n', { showSecrets: true })
    expect(kinds(difference)).toEqual([
      'replace /etc/natplan/natplan.nft',
      'replace /etc/systemd/system/natplan-nftables.service',
      'replace /etc/sysctl.d/90-natplan.conf',
      'replace /etc/swanctl/conf.d/natplan-connections.conf',
      'replace /etc/swanctl/conf.d/natplan-secrets.conf',
      'run swanctl --load-all',
    ])
  })
})

describe('a tunnel that goes from keys to certificates', () => {
  const names = { certificate: 'gw', ca: 'company' }
  const family = ['vyos-1.4', 'vyos-1.3', 'vyatta-5600', 'vyatta-5400', 'edgeos'] as const

  it.each(family)('loses its key on %s, which no line names', (platform) => {
    const { text, compare } = cloudOn(platform)
    const written = acceptance(platform, 'vyos-1.4')
    const tunnels = written.tunnels?.map((tunnel) => ({ ...tunnel, authentication: names }))
    const difference = compare.diff(text, policyOf({ ...written, tunnels }), { secrets: new Map(), showSecrets: true })
    const lines = linesOf(difference)
    expect(lines.filter((line) => /delete .*(pre-shared-secret|psk natplan-onpremise)$/.test(line))).toHaveLength(1)
    expect(lines.join('\n')).not.toContain(shown.reveal())
    expect(difference.keys).toEqual([])
  })

  it.each(family)('leaves alone what opens the private key on %s', (platform) => {
    const written = acceptance(platform, 'vyos-1.4')
    const tunnels = written.tunnels?.map((tunnel) => ({ ...tunnel, authentication: names }))
    const policy = policyOf({ ...written, tunnels })
    const { compare, render } = platformModule(platform) ?? {}
    const text = render?.(policy, { secrets: new Map() }).texts?.configure ?? ''
    const [peer = ''] = /^set .* peer \S+ authentication/m.exec(text) ?? []
    const words = platform === 'vyos-1.4' ? 'x509 passphrase secret' : 'x509 key password secret'
    const difference = compare?.diff(`${text}${peer} ${words}\n`, policy, { secrets: new Map(), showSecrets: false })
    expect(difference && linesOf(difference)).toEqual([])
  })
})

describe.each(['vyos-1.4', 'vyos-1.3', 'edgeos', 'vyatta-5600'] as const)('routes over an uplink on %s', (platform) => {
  const end = (outside: string, backup: string, nextHop: string) => ({
    platform,
    outside: { interface: 'eth1', address: outside },
    uplinks: { backup: { interface: 'eth2', address: backup, nextHop } },
    inside: { interface: 'eth0' },
  })
  const tunnel = { sites: ['cloud', 'onpremise'], mode: 'route' as const, proposal: 'compatible' as const }
  const written = (tunnels: NonNullable<Written['tunnels']>): Written => ({
    sites: {
      cloud: { subnets: ['10.0.1.0/27'], gateway: end('203.0.113.10', '198.51.100.10', '198.51.100.1') },
      onpremise: { subnets: ['10.0.1.0/24'], gateway: end('192.0.2.20', '198.51.100.130', '198.51.100.129') },
    },
    tunnels,
  })
  const both = policyOf(written([tunnel, { ...tunnel, uplinks: { cloud: 'backup', onpremise: 'backup' } }]))
  const one = policyOf(written([tunnel]))
  const { compare, render } = platformModule(platform) ?? {}
  const others = [
    'set protocols static route 0.0.0.0/0 next-hop 198.51.100.1',
    'set protocols static route 10.77.0.0/16 next-hop 198.51.100.1',
    'set protocols static route 192.0.2.20/32 next-hop 203.0.113.1',
  ]
  const secrets = new Map(['onpremise', 'onpremise-backup'].map((name) => [name, shown]))
  const text = `${render?.(both, { secrets }).texts?.configure}\n${others.join('\n')}\n`
  const lines = (policy: GatewayPolicy) => {
    const { operations = [] } = compare?.diff(text, policy, { secrets, showSecrets: false }) ?? {}
    return operations.flatMap((one) => one.text.trimEnd().split('\n'))
  }

  it('of others stay, whatever goes over the same next hop', () => {
    expect(lines(both)).toEqual([])
    expect(lines(one).filter((line) => / (0\.0\.0\.0\/0|10\.77|192\.0\.2\.20)/.test(line))).toEqual([])
  })

  it('to the peer of a second tunnel goes with that', () => {
    expect(lines(one)).toContainEqual(expect.stringMatching(/^delete protocols static route 198\.51\.100\.130\/32/))
  })
})
