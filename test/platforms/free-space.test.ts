import { checkExisting, fulfils, type GatewayPolicy, type Platform } from '@natplan/core'
import { type Difference, platformModule, Secret } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { derive, type Written } from '../support/policies.ts'
import { VyattaDevice } from '../support/vyatta-device.ts'

type Tunnel = NonNullable<Written['tunnels']>[number]

const secrets = new Map([['plant', new Secret('The-key-of-the-plan-32-characters')]])

/** The gateway of an office that calls a host of the plant by an address of its own LAN. */
function officeOn(platform: Platform, form: Partial<Tunnel> = {}, name = '10.0.1.250') {
  const [outside, inside] = platform === 'vyatta-5600' ? ['dp0s1', 'dp0bond2.7'] : ['eth0', 'eth1.7']
  const gateway = (one: Platform, address: string) => ({
    platform: one,
    outside: { interface: one === 'vyos-1.4' ? 'eth0' : outside, address },
    inside: { interface: one === 'vyos-1.4' ? 'eth1.7' : inside },
  })
  const policy = derive({
    sites: {
      office: {
        subnets: [{ prefix: '10.0.1.0/24', free: ['10.0.1.240/28'] }],
        gateway: gateway(platform, '203.0.113.1'),
      },
      plant: {
        subnets: [{ prefix: '10.0.1.20/32', translateTo: `${name}/32` }],
        gateway: gateway('vyos-1.4', '198.51.100.1'),
      },
    },
    tunnels: [{ sites: ['office', 'plant'], proposal: 'compatible', ...form } as Tunnel],
  }).policies.find(({ site }) => site === 'office')
  const module = platformModule(platform)
  if (!policy || !module?.readDevice || !module.compare) throw new Error(`${platform} cannot be compared`)
  const { compare, readDevice } = module
  const texts = module.render(policy, { secrets }).texts
  return {
    policy,
    compare,
    configure: texts?.configure ?? '',
    remove: texts?.remove ?? '',
    check: texts?.check ?? '',
    read: (text: string) => readDevice(text).device,
    diff: (running: string) => linesOf(compare.diff(running, policy, { secrets, showSecrets: true })),
  }
}

function linesOf({ operations }: Difference): string[] {
  return operations.flatMap(({ text }) => text.trimEnd().split('\n'))
}

function lacks(device: ReturnType<ReturnType<typeof officeOn>['read']>, policy: GatewayPolicy): string[] {
  return fulfils(device, policy).map(({ what }) => what)
}

const forms: [Platform, Partial<Tunnel>][] = [
  ...(['vyos-1.3', 'vyos-1.4', 'vyos-1.5', 'edgeos', 'vyatta-5400', 'linux'] as const).flatMap(
    (platform): [Platform, Partial<Tunnel>][] => [
      [platform, {}],
      [platform, { mode: 'route' }],
    ],
  ),
  ['vyatta-5600', { mode: 'route' }],
]

describe.each(forms)('a gateway whose LAN holds names of a peer, %s %j', (platform, form) => {
  const office = officeOn(platform, form)

  it('does what the policy wants by its lines, all of which are understood', () => {
    const device = office.read(office.configure)
    expect(lacks(device, office.policy)).toEqual([])
    expect(device.unread).toEqual([])
    expect(office.diff(office.configure)).toEqual([])
    expect(checkExisting(office.policy, office.compare.split(office.configure, office.policy).others.device)).toEqual(
      [],
    )
  })

  it('says the line that it needs, whole', () => {
    const lines: Partial<Record<Platform, string>> = {
      linux: 'ip neighbour add proxy 10.0.1.250 dev eth1.7 protocol 117',
      'vyos-1.4': "set protocols static neighbor-proxy arp 10.0.1.250 interface 'eth1.7'",
      'vyos-1.5': "set protocols static neighbor-proxy arp 10.0.1.250 interface 'eth1.7'",
      'vyatta-5600': '# set interfaces bonding dp0bond2 vif 7 ip enable-proxy-arp',
    }
    const line = lines[platform] ?? '# set interfaces ethernet eth1 vif 7 ip enable-proxy-arp'
    expect(office.configure.split('\n')).toContain(line)
    expect(office.check).toContain('10.0.1.250')
    expect(officeOn(platform, form, '192.168.77.7').configure).not.toMatch(/enable-proxy|proxy (arp )?10/)
  })
})

describe.each(['vyos-1.4', 'vyos-1.5'] as const)('the lines on %s', (platform) => {
  const office = officeOn(platform)
  const device = (text: string) => new VyattaDevice(text, { hasNames: true })
  const own = (shown: readonly string[]) => shown.filter((line) => /10\.0\.1\.25|neighbor/.test(line))

  it('come back when one is missing', () => {
    const lines = office.configure.split('\n').filter((line) => /^set protocols/.test(line))
    expect(lines.length).toBeGreaterThanOrEqual(3)
    for (const gone of lines.filter((line) => !line.includes('description'))) {
      const running = device(office.configure.replace(`${gone}\n`, ''))
      running.enter(office.diff(running.show().join('\n')).join('\n'))
      expect(running.show()).toEqual(device(office.configure).show())
    }
  })

  it.each([
    ['the text that removes it', () => office.remove],
    ['what diff takes off', () => linesOf(office.compare.takeOff(office.configure, 'office')).join('\n')],
  ])('are gone after %s', (_, lines) => {
    const running = device(office.configure)
    running.enter(lines())
    expect(own(running.show())).toEqual([])
  })

  it('give way to those for another address', () => {
    const running = device(office.configure)
    const moved = officeOn(platform, {}, '10.0.1.251')
    running.enter(moved.diff(running.show().join('\n')).join('\n'))
    expect(own(running.show())).toEqual(own(device(moved.configure).show()))
  })

  it('leave answers of others alone', () => {
    const others = `set protocols static neighbor-proxy arp 10.0.1.7 interface eth1
set protocols static route 10.0.1.7/32 next-hop 10.9.9.9
`
    expect(office.diff(`${office.configure}${others}`)).toEqual([])
    expect(linesOf(office.compare.takeOff(`${office.configure}${others}`, 'office')).join('\n')).not.toContain(
      '10.0.1.7',
    )
  })
})

describe('the lines on Linux', () => {
  const office = officeOn('linux')
  const listed = (proxies: string) =>
    office.compare.diff(`10.0.1.250 dev eth0 proto 117 metric 1\n${proxies}`, office.policy, {
      secrets,
      showSecrets: false,
    })
  const written = (proxies: string) => listed(proxies).operations.map(({ object }) => object.name)

  it('are compared with what the kernel answers for', () => {
    const script = '/etc/natplan/natplan-interfaces.sh'
    expect(written('10.0.1.250 dev eth1.7 proxy proto 117\n')).not.toContain(script)
    expect(written('10.0.1.251 dev eth1.7 proxy proto 117\n')).toContain(script)
    expect(written('10.0.1.250 dev eth0 proxy proto 117\n')).toContain(script)
  })
})

describe('a gateway that shows its LAN', () => {
  const office = officeOn('vyos-1.3')
  const lan = 'set interfaces ethernet eth1 vif 7 address 10.0.1.1/24\n'

  it('lacks an answer until the interface gives it', () => {
    const without = ['office does not answer ARP for 10.0.1.250 on eth1.7']
    expect(lacks(office.read(`${office.configure}${lan}`), office.policy)).toEqual(without)
    const line = 'set interfaces ethernet eth1 vif 7 ip enable-proxy-arp\n'
    expect(lacks(office.read(`${office.configure}${lan}${line}`), office.policy)).toEqual([])
    const elsewhere = 'set interfaces ethernet eth1 ip enable-proxy-arp\n'
    expect(lacks(office.read(`${office.configure}${lan}${elsewhere}`), office.policy)).toEqual(without)
    const everywhere = 'set system sysctl parameter net.ipv4.conf.all.proxy_arp value 1\n'
    expect(lacks(office.read(`${office.configure}${lan}${everywhere}`), office.policy)).toEqual([])
  })
})
