import { cutsOf, deviceOfPolicy, fulfils, type GatewayPolicy } from '@natplan/core'
import { platformModule, type RenderedFile } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { formed } from '../golden/platforms/cases.ts'
import { derive, type Written } from '../support/policies.ts'

const linux = platformModule('linux')

function policyOf(written: Written, site = 'left'): GatewayPolicy {
  const policy = derive(written).policies.find((one) => one.site === site)
  if (!policy) throw new Error('no policy')
  return policy
}

const routed = policyOf(formed('linux', { mode: 'route' }))
const narrow = policyOf(formed('linux', { mode: 'route', selectors: 'narrow' }))
const oneSided = policyOf(formed('linux', { translateAt: 'left' }))
const plain = policyOf(formed('linux', {}))

function textsOf(policy: GatewayPolicy) {
  const { texts, findings } = linux?.render(policy, { secrets: new Map() }) ?? {}
  if (!texts) throw new Error(JSON.stringify(findings))
  return texts
}

function fileOf(policy: GatewayPolicy, name: string): string {
  return textsOf(policy).files.find((file: RenderedFile) => file.name === name)?.text ?? ''
}

function read(text: string) {
  const device = linux?.readDevice?.(text).device
  if (!device) throw new Error('no device')
  return device
}

describe('the script for a Linux gateway', () => {
  const programsOf = (policy: GatewayPolicy, kind: 'configure' | 'remove') =>
    /^for program in (.*); do$/m.exec(linux?.script(textsOf(policy)[kind], kind) ?? '')?.[1]

  it('looks for the programs that virtual interfaces need only where there are some', () => {
    expect(programsOf(routed, 'configure')).toBe('nft swanctl install ip grep')
    expect(programsOf(plain, 'configure')).toBe('nft swanctl install')
    expect(programsOf(routed, 'remove')).toBe('nft swanctl')
  })
})

describe('virtual interfaces on Linux', () => {
  it.each([
    ['routes alone', routed],
    ['selectors', narrow],
    ['translation for both sides', oneSided],
  ])('do what the policy wants, and nothing of the text is left unread: %s', (_, policy) => {
    const device = read(textsOf(policy).configure)
    expect(fulfils(device, policy)).toEqual([])
    expect(device.unread).toEqual([])
  })

  it.each([
    ['routes alone', routed],
    ['translation for both sides', oneSided],
  ])('are left alone by the guards of the text as by those of the policy: %s', (_, policy) => {
    const guards = (lists: ReturnType<typeof read>['lists']) =>
      lists
        .filter(({ name }) => /guard-/.test(name))
        .map(({ hook, rules }) => [
          hook,
          rules.map(({ match }) => [match.in, match.out].map((one) => one?.names.toSorted())),
        ])
    expect(guards(read(fileOf(policy, 'natplan.nft')).lists)).toEqual(guards(deviceOfPolicy(policy).lists))
  })

  it('hold back what hosts call the peer, not what it is called behind the cable', () => {
    const nft = fileOf(oneSided, 'natplan.nft')
    expect(/set peers4 \{[^}]*elements = \{([^}]*)\}/.exec(nft)?.[1]).not.toContain('10.0.1.0/25')
    expect(nft).toContain('oifname != "veth201" ip daddr @own4 counter drop')
    expect(nft).toContain('iifname "veth201" ct zone set 1100')
  })

  it('are the children of one interface, with everything or with pairs', () => {
    const connections = fileOf(routed, 'natplan-connections.conf')
    expect(connections).toContain('if_id_in = 101\n    if_id_out = 101')
    expect(connections).toContain('natplan-right-any {\n        local_ts = 0.0.0.0/0\n        remote_ts = 0.0.0.0/0')
    expect(fileOf(narrow, 'natplan-connections.conf')).not.toContain('0.0.0.0/0')
  })

  it('carry IPv6 too where both sides have some', () => {
    const written = formed('linux', { mode: 'route' })
    const six = (subnets: readonly unknown[], more: string) => [...subnets, more] as Written['sites'][string]['subnets']
    const { left, right } = written.sites
    if (!left || !right) throw new Error('no sites')
    const sites = {
      ...written.sites,
      left: { ...left, subnets: six(left.subnets, 'fd00:1::/64') },
      right: { ...right, subnets: six(right.subnets, 'fd00:2::/64') },
    }
    const policy = policyOf({ ...written, sites })
    expect(fileOf(policy, 'natplan-connections.conf')).toContain('local_ts = 0.0.0.0/0,::/0')
    expect(fileOf(policy, 'natplan-interfaces.sh')).toContain(
      'ip -6 route add fd00:2::/64 dev ipsec100 proto 117 metric 1',
    )
    expect(fulfils(read(textsOf(policy).configure), policy)).toEqual([])
  })

  it.each<[string, Partial<GatewayPolicy>]>([
    ['an interface of the 5600', { interfaces: [{ kind: 'feature', name: 'vfp0', address: undefined }] }],
    ['another name', { interfaces: [{ kind: 'tunnel', name: 'vti0', address: undefined }] }],
    ['no interface for the tunnel', { interfaces: [], routes: [] }],
  ])('are refused with %s', (_, part) => {
    const { texts, findings } = linux?.render({ ...routed, ...part }, { secrets: new Map() }) ?? {}
    expect(texts).toBeUndefined()
    expect(findings?.map(({ code }) => code)).toContain('POLICY_UNSUPPORTED')
  })
})

describe('two tunnels over different uplinks on Linux', () => {
  const { sites, ...rest } = formed('linux', {})
  const uplinks = { lte: { interface: 'eth2', address: '198.51.100.7', nextHop: '198.51.100.1' } }
  const { left, right } = sites
  if (!left?.gateway || !right?.gateway) throw new Error('no gateways')
  const other = { lte: { ...uplinks.lte, address: '198.51.100.130', nextHop: '198.51.100.129' } }
  const tunnel = { sites: ['left', 'right'], mode: 'route' as const }
  const policy = policyOf({
    ...rest,
    sites: {
      left: { ...left, gateway: { ...left.gateway, uplinks } },
      right: { ...right, gateway: { ...right.gateway, uplinks: other } },
    },
    tunnels: [tunnel, { ...tunnel, uplinks: { left: 'lte', right: 'lte' } }],
  })

  it('have routes that strongSwan makes and takes away, since the interfaces stay up', () => {
    const [script, routes] = [fileOf(policy, 'natplan-interfaces.sh'), fileOf(policy, 'natplan-switching.sh')]
    for (const [number, name, distance] of [
      [101, 'ipsec100', 1],
      [102, 'ipsec101', 2],
    ]) {
      expect(script).not.toMatch(new RegExp(`route add .* dev ${name}`))
      expect(routes).toMatch(new RegExp(`= ${number} \\];[^]*dev ${name} proto 117 metric ${distance}`))
    }
    expect(script).toContain('route add 198.51.100.130/32 via 198.51.100.1 dev eth2')
    expect(fileOf(policy, 'natplan-connections.conf').match(/updown = /g)).toHaveLength(2)
    expect(fulfils(read(textsOf(policy).configure), policy)).toEqual([])
  })

  it('are no reason for such a script where there is one', () => {
    expect(textsOf(routed).files.map(({ name }) => name)).not.toContain('natplan-switching.sh')
    expect(fileOf(routed, 'natplan-connections.conf')).not.toContain('updown')
  })
})

/** What `ip -d address`, `ip rule` and `ip route show table all` print on a gateway with such a tunnel. */
const printed = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00 promiscuity 0  allmulti 0 minmtu 0 maxmtu 0
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
3: eth0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether a6:5c:af:16:38:c6 brd ff:ff:ff:ff:ff:ff link-netnsid 1 promiscuity 0  allmulti 0 minmtu 68 maxmtu 65535
    inet 10.0.1.254/24 scope global eth0
       valid_lft forever preferred_lft forever
4: ipsec100@NONE: <NOARP,UP,LOWER_UP> mtu 1358 qdisc noqueue state UNKNOWN group 7233908 qlen 1000
    link/none  promiscuity 0  allmulti 0 minmtu 68 maxmtu 65535
    xfrm if_id 0x65
    inet6 fe80::1e6b:ff:fe12:2/64 scope link stable-privacy
       valid_lft forever preferred_lft forever
0:	from all lookup local
220:	from all lookup 220
32766:	from all lookup main
32767:	from all lookup default
default via 203.0.113.1 dev eth1
10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.254
ROUTES
local 10.0.1.254 dev eth0 table local proto kernel scope host src 10.0.1.254
`

describe('a difference of virtual interfaces on Linux', () => {
  const routes = routed.routes.map(({ prefix, to, distance }) =>
    to.kind === 'interface'
      ? `${prefix} dev ${to.interface} proto 117 scope link metric ${distance}`
      : `blackhole ${prefix} proto 117 metric ${distance}`,
  )
  const shown = printed.replace('ROUTES', routes.join('\n'))
  const files = `${fileOf(routed, 'natplan.nft')}${fileOf(routed, 'natplan-connections.conf')}${fileOf(routed, 'natplan-sysctl.conf')}`
  const script = fileOf(routed, 'natplan-interfaces.sh')
  const diff = (text: string, policy = routed) =>
    linux?.compare?.diff(text, policy, { secrets: new Map(), showSecrets: false }).operations ?? []
  const paths = (text: string, policy = routed) => diff(text, policy).map(({ path }) => path.join(' '))

  it.each([
    ['what ip lists', `${files}${shown}`],
    ['the script', `${files}${script}`],
    ['nothing of them', files],
  ])('is none where the text shows %s', (_, text) => {
    expect(paths(text)).toEqual([])
  })

  it.each([
    ['a route is gone', shown.replace(`${routes[0]}\n`, '')],
    ['an interface is gone', shown.replace(/^4: .*\n(?: .*\n)*/m, '')],
    [
      'an interface has an address',
      shown.replace('    inet6 fe80', '    inet 169.254.9.1/30 scope global ipsec100\n    inet6 fe80'),
    ],
    ['a route leads nowhere else', shown.replace('metric 254', 'metric 200')],
  ])('makes all of them anew where %s', (_, text) => {
    expect(text).not.toBe(shown)
    const [operation, ...more] = diff(`${files}${text}`)
    expect(more).toEqual([])
    expect(operation?.path).toEqual(['/etc/natplan/natplan-interfaces.sh'])
    expect(operation?.text).toContain('systemctl restart natplan-interfaces.service')
  })

  it('takes them away when no tunnel needs them', () => {
    const texts = diff(`${files}${shown}`, plain).map(({ text }) => text)
    expect(texts.join('')).toContain('sh /etc/natplan/natplan-interfaces.sh remove')
  })

  it('leaves nothing of natplan for others', () => {
    const { own, others } = linux?.compare?.split(textsOf(oneSided).configure, oneSided) ?? {}
    expect(others?.device).toMatchObject({ interfaces: [], routes: [], unread: [] })
    expect(own?.device.unread).toEqual([])
  })

  it('ends no flows of a tunnel that takes everything, as before', () => {
    const { device } = linux?.readDevice?.(files) ?? {}
    expect(device && cutsOf(device, routed).filter(({ peer }) => peer === 'right')).toEqual([])
    expect(device && cutsOf(device, narrow).map(({ kind }) => kind)).toContain('ends')
  })

  it('is not about what others made', () => {
    const others = `${shown}192.0.2.0/24 dev ipsec7 proto 118\n5: ipsec7@NONE: <NOARP,UP> mtu 1500 group 7\n`
    expect(paths(`${files}${others}`)).toEqual([])
  })
})
