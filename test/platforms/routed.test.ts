import { checkExisting, fulfils, type GatewayPolicy, type Platform } from '@natplan/core'
import { type Difference, platformModule, Secret } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { acceptance } from '../golden/platforms/cases.ts'
import { derive, type Written } from '../support/policies.ts'
import { routers } from '../support/routers.ts'
import { VyattaDevice } from '../support/vyatta-device.ts'

type Tunnel = NonNullable<Written['tunnels']>[number]

function gatewayOn(platform: Platform, form: Partial<Tunnel>) {
  const written = acceptance(platform, 'vyos-1.4')
  const tunnel = { sites: ['cloud', 'onpremise'], proposal: 'compatible', ...form } as Tunnel
  const [policy] = derive({ ...written, tunnels: [tunnel] }).policies
  const module = platformModule(platform)
  if (!policy || !module?.compare) throw new Error(`${platform} cannot be compared`)
  const { compare } = module
  const secrets = new Map([['onpremise', new Secret('The-key-of-the-plan-32-characters')]])
  const texts = module.render(policy, { secrets }).texts
  return {
    policy,
    compare,
    text: texts?.configure ?? '',
    remove: texts?.remove ?? '',
    diff: (running: string) => compare.diff(running, policy, { secrets, showSecrets: true }),
    read: (running: string) => module.readDevice?.(running).device,
  }
}

function linesOf({ operations }: Difference): string[] {
  return operations.flatMap(({ text }) => text.trimEnd().split('\n'))
}

function deviceOf(platform: Platform, text: string): VyattaDevice {
  return new VyattaDevice(text, { hasNames: platform === 'vyos-1.4' || platform === 'vyos-1.5' })
}

/** What stays when natplan goes: settings that other tunnels may use. */
const settings =
  /^set (interfaces (ethernet|bonding) \S+ ip adjust-mss|firewall options (interface (eth|bond)\d+|mss-clamp)|vpn ipsec (ipsec-interfaces )?interface|vpn ipsec options disable-route-autoinstall)/

const forms: [string, Platform, Partial<Tunnel>][] = [
  ...routers.map(({ platform }): [string, Platform, Partial<Tunnel>] => ['routes', platform, { mode: 'route' }]),
  ...routers.map(({ platform }): [string, Platform, Partial<Tunnel>] => [
    'routes and a link',
    platform,
    { mode: 'route', link: '169.254.10.0/30' },
  ]),
  ['routes and selectors', 'vyos-1.4', { mode: 'route', selectors: 'narrow' }],
  ['both translations', 'vyos-1.4', { translateAt: 'cloud' }],
  ['both translations', 'vyos-1.5', { translateAt: 'cloud' }],
]

describe.each(forms)('a tunnel with %s on %s', (_, platform, form) => {
  const planned = gatewayOn(platform, form)
  const before = gatewayOn(platform, {})

  it('is known by what natplan wrote', () => {
    expect(linesOf(planned.diff(planned.text))).toEqual([])
    expect(checkExisting(planned.policy, planned.compare.split(planned.text, planned.policy).others.device)).toEqual([])
  })

  it('gets back any line that is missing', () => {
    const lines = planned.text.split('\n').filter((line) => line.startsWith('set '))
    // Without its description a thing is somebody else's.
    for (const gone of lines.filter((line) => !/description|secret|psk/.test(line))) {
      const device = deviceOf(platform, lines.filter((line) => line !== gone).join('\n'))
      device.enter(linesOf(planned.diff(device.show().join('\n'))).join('\n'))
      expect(device.show()).toEqual(deviceOf(platform, lines.join('\n')).show())
    }
  })

  it.each([
    ['the text that removes it', () => planned.remove],
    ['what diff takes off', () => linesOf(planned.compare.takeOff(planned.text, 'cloud')).join('\n')],
  ])('leaves only settings after %s', (__, lines) => {
    const device = deviceOf(platform, planned.text)
    device.enter(lines())
    const discards = device.show().filter((line) => !settings.test(line))
    const own = planned.policy.discards.map((prefix) => `set protocols static route ${prefix} blackhole distance 254`)
    expect(own).toEqual(expect.arrayContaining(discards))
  })

  it('comes and goes in one commit', () => {
    const device = deviceOf(platform, before.text)
    device.enter(linesOf(planned.diff(before.text)).join('\n'))
    const there = (text: string) => deviceOf(platform, text).show()
    expect(device.show()).toEqual(expect.arrayContaining(there(planned.text)))
    expect(device.show().filter((line) => !there(planned.text).includes(line) && !settings.test(line))).toEqual([])
    device.enter(linesOf(before.diff(device.show().join('\n'))).join('\n'))
    expect(device.show()).toEqual(expect.arrayContaining(there(before.text)))
    expect(device.show().filter((line) => !there(before.text).includes(line) && !settings.test(line))).toEqual([])
  })

  it('leaves virtual interfaces of others, and their routes, alone', () => {
    const route = platform.startsWith('vyos-1.3') || !platform.startsWith('vyos') ? 'interface-route' : 'route'
    const leaf = route === 'route' ? 'interface' : 'next-hop-interface'
    const others = `set interfaces vti vti7 address '172.31.7.1/30'
set interfaces vti vti7 description 'to a partner'
set protocols static ${route} 172.31.8.0/24 ${leaf} vti7
set protocols static route 172.31.8.0/24 blackhole distance '254'
`
    expect(linesOf(planned.diff(`${planned.text}${others}`))).toEqual([])
    expect(linesOf(planned.compare.takeOff(`${planned.text}${others}`, 'cloud')).join('\n')).not.toMatch(/vti7|172\.31/)
  })
})

describe('the number of a virtual interface', () => {
  const { policy, compare } = gatewayOn('vyos-1.4', { mode: 'route' })
  const tunnel = (bound: string) => `set interfaces vti ${bound}
set vpn ipsec site-to-site peer OLD vti bind '${bound}'
set vpn ipsec site-to-site peer OLD vti esp-group 'OLD'
set vpn ipsec site-to-site peer OLD remote-address '198.51.100.77'
set vpn ipsec site-to-site peer OLD ike-group 'OLD'
set vpn ipsec ike-group OLD proposal 1 encryption 'aes256'
set vpn ipsec esp-group OLD proposal 1 encryption 'aes256'
`
  const check = (running: string) =>
    checkExisting(policy, compare.split(running, policy).others.device).map(({ code }) => code)

  it('is told where a tunnel of others has it', () => {
    expect(check(tunnel('vti100'))).toEqual(['EXISTING_INTERFACE'])
  })

  it('is free beside a tunnel that takes everything into another', () => {
    expect(check(tunnel('vti7'))).toEqual([])
  })

  it('is free where nothing is bound to it', () => {
    expect(check('set interfaces vti vti100\n')).toEqual([])
  })
})

describe('a second routing table', () => {
  const { policy, text, diff, read } = gatewayOn('vyos-1.4', { translateAt: 'cloud' })
  const lacks = (running: string, of: GatewayPolicy = policy) => {
    const device = read(running)
    return device && fulfils(device, of).map(({ kind, what }) => `${kind}: ${what}`)
  }

  it('is held against the plan, with its interfaces and routes', () => {
    expect(lacks(text)).toEqual([])
    expect(lacks(text.replace("vrf name natplan100 table '1100'", "vrf name natplan100 table '1200'"))).toContain(
      'route: the route for 10.0.1.0/24 to vti100 in the VRF natplan100 is missing',
    )
    expect(lacks(text.replace(/^set interfaces vti vti100 vrf .*\n/m, ''))).toContain(
      'interface: vti100 of cloud exists already, with no address, in the routing table main',
    )
    expect(lacks(text.replace(/^(set protocols static route \S+ next-hop) 169.*$/m, '$1 192.0.2.7'))).toContain(
      'route: the route for 192.168.1.0/24 to 169.254.64.201 is missing',
    )
    expect(lacks(text.replace(/blackhole distance '254'/g, "blackhole distance '1'"))).toContain(
      'route: the route for 10.0.1.0/24 to nowhere in the VRF natplan100 is missing',
    )
  })

  it('is natplan’s with all in it, but for what others bind to it', () => {
    const stray = "set vrf name natplan100 protocols static route 10.77.0.0/16 next-hop '10.0.0.1'\n"
    expect(linesOf(diff(`${text}${stray}`))).toEqual(['delete vrf name natplan100 protocols static route 10.77.0.0/16'])
    const moved = text.replace('route 10.0.1.0/24 interface vti100', 'route 10.0.1.0/24 interface vti7')
    expect(linesOf(diff(moved))).toEqual([
      'delete vrf name natplan100 protocols static route 10.0.1.0/24',
      'set vrf name natplan100 protocols static route 10.0.1.0/24 interface vti100',
      "set vrf name natplan100 protocols static route 10.0.1.0/24 blackhole distance '254'",
    ])
    const others = "set vrf name blue table '100'\nset interfaces ethernet eth5 vrf 'blue'\n"
    expect(linesOf(diff(`${text}${others}`))).toEqual([])
  })
})

describe('IPv6 subnets at both ends', () => {
  const found = (cloud: Platform, onpremise: Platform, form: Partial<Tunnel>, isBoth = true) => {
    const written = acceptance(cloud, onpremise)
    const [left, right] = ['cloud', 'onpremise'].map((name) => written.sites[name])
    if (!left || !right) throw new Error('no sites')
    const sites = {
      cloud: { ...left, subnets: [...left.subnets, 'fd00:1::/64'] },
      onpremise: { ...right, subnets: [...right.subnets, ...(isBoth ? ['fd00:2::/64'] : [])] },
    }
    const tunnel = { sites: ['cloud', 'onpremise'], proposal: 'compatible', ...form } as Tunnel
    return derive({ ...written, sites, tunnels: [tunnel] })
      .findings.filter(({ code }) => code === 'TUNNEL_FORM_UNSUPPORTED')
      .map(({ message }) => message)
  }
  const route = { mode: 'route' } as const

  it('do not pass a virtual interface whose tunnel takes IPv4 alone', () => {
    const lack = 'vyos-1.3 at onpremise carries no IPv6 through a virtual interface'
    expect(found('vyos-1.4', 'vyos-1.3', route)).toEqual([lack])
    expect(found('vyos-1.4', 'vyos-1.3', route, false)).toEqual([])
    expect(found('vyos-1.4', 'vyos-1.3', {})).toEqual([])
    expect(found('vyos-1.4', 'vyos-1.5', route)).toEqual([])
  })

  it('do not pass with IKEv1, whose children have one pair of prefixes', () => {
    const lacks = ['cloud', 'onpremise'].map(
      (name) => `linux at ${name} carries no IPv6 through a virtual interface with IKEv1`,
    )
    expect(found('linux', 'linux', { ...route, ike: { version: 1 } } as Partial<Tunnel>)).toEqual(lacks)
    expect(found('linux', 'linux', { ...route, selectors: 'narrow', ike: { version: 1 } } as Partial<Tunnel>)).toEqual(
      [],
    )
  })

  it('do not pass a gateway that translates for its peer as well', () => {
    expect(found('vyos-1.4', 'vyos-1.3', { translateAt: 'cloud' })).toHaveLength(1)
    expect(found('vyos-1.4', 'vyos-1.3', { translateAt: 'cloud' }, false)).toEqual([])
  })
})
