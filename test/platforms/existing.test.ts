import {
  checkExisting,
  derivePolicies,
  emptyLock,
  type GatewayPolicy,
  limitsFrom,
  normalize,
  type Platform,
  planNetwork,
} from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { acceptance } from '../golden/platforms/cases.ts'

function planned(platform: Platform, subnets = ['10.0.1.0/27']) {
  const written = acceptance(platform, 'vyos-1.4')
  const sites = { ...written.sites, cloud: { ...written.sites['cloud'], subnets } }
  const { value } = normalize({ version: 1, ...written, sites })
  const plan = value && planNetwork(value, emptyLock).plan
  const policy = plan && derivePolicies(plan).policies[0]
  if (!plan || !policy) throw new Error('no plan')
  return { plan, policy }
}

/** What others made of a configuration. */
function read(policy: GatewayPolicy, text: string) {
  const shares = platformModule(policy.platform)?.compare?.split(text, policy)
  if (!shares) throw new Error(`${policy.platform} cannot be read`)
  return shares.others.device
}

const masquerade = `set nat source rule 100 outbound-interface name 'eth1'
set nat source rule 100 source address '10.0.0.0/8'
set nat source rule 100 translation address 'masquerade'
`

describe('checkExisting', () => {
  const { plan, policy } = planned('vyos-1.4')
  const check = (text: string) =>
    checkExisting(policy, read(policy, text)).map(({ code, message }) => `${code} ${message}`)

  it('has nothing to say about a device that has natplan on it already', () => {
    const text = platformModule('vyos-1.4')?.render(policy, { secrets: new Map() }).texts?.configure ?? ''
    const others = platformModule('vyos-1.4')?.compare?.split(text, policy).others
    expect(others && checkExisting(policy, others.device)).toEqual([])
  })

  it.each([
    [
      'a masquerade in front',
      masquerade,
      'EXISTING_RULE_FIRST source rule 100 of cloud masquerades packets before rule 1000 can',
    ],
    [
      'a masquerade for everything',
      "set nat source rule 5 translation address 'masquerade'\n",
      'EXISTING_RULE_FIRST source rule 5 of cloud masquerades packets before rule 1000 can',
    ],
    [
      'a masquerade of another uplink, which may take over',
      masquerade.replaceAll('eth1', 'eth7'),
      'EXISTING_RULE_FIRST source rule 100 of cloud masquerades packets before rule 1000 can',
    ],
    [
      'a masquerade for all but one host of the subnet',
      masquerade.replaceAll("'10.0.0.0/8'", "'!10.0.1.5/32'"),
      'EXISTING_RULE_FIRST source rule 100 of cloud masquerades packets before rule 1000 can',
    ],
    [
      'the number, in a rule that is not understood',
      "set nat destination rule 1000 destination port '443'\n",
      "EXISTING_NUMBER_IN_USE destination rule 1000 of cloud exists already and is not natplan's",
      'EXISTING_RULE_FIRST destination rule 1000 of cloud is not understood, and may take packets before rule 1000 can',
    ],
    [
      'a route elsewhere',
      "set protocols static route 192.168.1.0/25 next-hop '10.0.1.9'\n",
      'EXISTING_ROUTE cloud routes 192.168.1.0/25 to 10.0.1.9, but it is 192.168.1.0/24 of onpremise from now on',
    ],
  ])('finds %s', (_, text, ...messages) => {
    expect(check(text)).toEqual(messages)
  })

  it.each([
    ['behind', masquerade.replaceAll('rule 100', 'rule 5000')],
    ['for another source', masquerade.replaceAll('10.0.0.0/8', '172.16.0.0/12')],
    ['for all but the source', masquerade.replaceAll("'10.0.0.0/8'", "'!10.0.0.0/8'")],
  ])('leaves a masquerade alone that is %s', (_, text) => {
    expect(check(text)).toEqual([])
  })

  it.each([
    ['the default route', '0.0.0.0/0'],
    ['a summary, since the tunnel takes what is longer', '192.168.0.0/16'],
    ['the neighbour', '192.168.0.0/24'],
  ])('leaves %s alone', (_, prefix) => {
    expect(check(`set protocols static route ${prefix} next-hop '10.0.1.9'\n`)).toEqual([])
  })

  const keeping = planned('vyos-1.4', ['10.1.0.0/24']).policy
  const forward = `set nat destination rule 5 destination port '443'
set nat destination rule 5 inbound-interface name 'eth1'
set nat destination rule 5 protocol 'tcp'
set nat destination rule 5 translation address '10.1.0.9'
`

  it('points at a port forward that would take packets of peers, and not at one for its own address', () => {
    const told = (text: string) =>
      checkExisting(keeping, read(keeping, text)).map(({ code, place, message }) => `${code} ${place.line} ${message}`)
    expect(told(forward)).toEqual([
      'EXISTING_RULE_FIRST 1 destination rule 5 of cloud translates packets from onpremise',
    ])
    expect(told(`${forward}set nat destination rule 5 destination address '203.0.113.10'\n`)).toEqual([])
    const exemption = `set nat destination rule 4 source address '10.0.1.0/24'
set nat destination rule 4 destination address '10.1.0.0/24'
set nat destination rule 4 inbound-interface name 'eth1'
set nat destination rule 4 exclude
`
    expect(told(`${exemption}${forward}`)).toEqual([])
  })

  it('goes in front of a rule that is not understood', () => {
    const existing = read(policy, `${masquerade}set nat source rule 100 translation options port-mapping 'random'\n`)
    const { site, limits } = limitsFrom(existing, policy)
    expect(limits.below).toBe(100)
    const again = derivePolicies(plan, { limits: new Map([[site, limits]]) }).policies[0]
    expect(again && checkExisting(again, existing)).toEqual([])
    expect(checkExisting(policy, existing).map(({ code, place }) => `${code} ${place.line}`)).toEqual([
      'EXISTING_RULE_FIRST 1',
    ])
  })

  const peer = (name: string, address: string, remote: string) => `set vpn ipsec ike-group I proposal 1 dh-group '14'
set vpn ipsec esp-group E proposal 1 encryption 'aes256'
set vpn ipsec site-to-site peer ${name} default-esp-group 'E'
set vpn ipsec site-to-site peer ${name} ike-group 'I'
set vpn ipsec site-to-site peer ${name} local-address '203.0.113.10'
set vpn ipsec site-to-site peer ${name} remote-address '${address}'
set vpn ipsec site-to-site peer ${name} tunnel 1 local prefix '192.168.0.0/16'
set vpn ipsec site-to-site peer ${name} tunnel 1 remote prefix '${remote}'
`

  it('finds tunnels to the same address, and with the same prefixes', () => {
    expect(check(peer('OLD', '192.0.2.20', '10.0.0.0/8'))).toEqual([
      "EXISTING_PEER cloud has a tunnel to 192.0.2.20 already, called OLD; natplan's for onpremise ends there too",
    ])
    expect(check(peer('OLD', '192.0.2.99', '192.168.1.0/24'))).toEqual([
      "EXISTING_SELECTOR the tunnel OLD of cloud carries prefixes that natplan's tunnel to onpremise carries too",
    ])
    expect(check(peer('OLD', '192.0.2.99', '172.16.0.0/24'))).toEqual([])
  })

  it('tells of a route inside that holds what only peers call the site, and not of what leads outside', () => {
    const interfaces =
      "set interfaces ethernet eth0 address '10.0.1.1/27'\nset interfaces ethernet eth1 address '203.0.113.10/24'\n"
    const route = (prefix: string, via: string) => `${interfaces}set protocols static route ${prefix} next-hop ${via}\n`
    expect(check(route('192.168.2.0/24', '10.0.1.30'))).toEqual([
      'EXISTING_ROUTE cloud routes 192.168.2.0/24 to eth0, but 192.168.2.0/27 of it is what peers call cloud from now on: hosts there are not reached any more',
    ])
    expect(check(route('192.168.2.0/24', '203.0.113.1'))).toEqual([])
    expect(check(route('192.168.4.0/24', '10.0.1.30'))).toEqual([])
    expect(check(route('0.0.0.0/0', '10.0.1.30'))).not.toContain('192.168.2.0/27 of it')
  })

  it('takes a tunnel that only has the name of a site for that of others, and says where it stands', () => {
    const text = `${platformModule('vyos-1.4')?.render(policy, { secrets: new Map() }).texts?.configure}${peer('onpremise', '192.0.2.20', '10.0.0.0/8')}`
    const [finding] = checkExisting(policy, { ...read(policy, text), file: 'running.txt' })
    expect(finding?.code).toBe('EXISTING_PEER')
    expect(finding?.place.file).toBe('running.txt')
    expect(text.split('\n')[(finding?.place.line ?? 0) - 1]).toContain('peer onpremise ')
  })

  it('finds a virtual interface that is somebody else’s', () => {
    const { policy: other } = planned('vyatta-5600')
    const text = "set interfaces virtual-feature-point vfp0 address '192.168.123.123/32'\n"
    expect(checkExisting(other, read(other, text)).map(({ code }) => code)).toEqual(['EXISTING_INTERFACE'])
  })

  it('places new source rules before the masquerade, off the numbers in use', () => {
    const elsewhere = "set nat source rule 1 source address '172.31.0.0/16'\nset nat source rule 1 exclude\n"
    const existing = read(policy, `${masquerade}${elsewhere}`)
    const { site, limits } = limitsFrom(existing, policy)
    expect(limits.below).toBe(100)
    const again = derivePolicies(plan, { limits: new Map([[site, limits]]) }).policies[0]
    expect(again?.nat.map(({ direction, number }) => `${direction} ${number}`)).toEqual(['source 11', 'destination 11'])
    expect(again && checkExisting(again, existing)).toEqual([])
  })

  it('keeps EdgeOS rules before the masquerade of the wizard', () => {
    const { plan: edge, policy: first } = planned('edgeos')
    const existing = read(
      first,
      'set service nat rule 5010 type masquerade\nset service nat rule 5010 outbound-interface eth1\n',
    )
    expect(checkExisting(first, existing)).toEqual([])
    const { site, limits } = limitsFrom(existing, first)
    expect(limits.below).toBe(1010)
    const again = derivePolicies(edge, { limits: new Map([[site, limits]]) }).policies[0]
    expect(again?.nat.map(({ number }) => number)).toEqual([5000, 1000])
  })
})
