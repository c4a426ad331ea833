import { checkExisting, type GatewayPolicy } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { acceptance, formed } from '../golden/platforms/cases.ts'
import { derive, type Written } from '../support/policies.ts'

type Tunnel = NonNullable<Written['tunnels']>[number]

function gateway(policy: GatewayPolicy | undefined) {
  const module = policy && platformModule(policy.platform)
  if (!policy || !module?.compare) throw new Error('no gateway that can be compared')
  const { compare } = module
  const shown = (text: string) => ({ ...compare.split(text, policy).others.device, file: 'running.txt' })
  return {
    text: module.render(policy, { secrets: new Map() }).texts?.configure ?? '',
    /** What is said of the lines, by the line that it points at. */
    told: (lines: string) =>
      checkExisting(policy, shown(lines))
        .filter(({ code }) => code === 'EXISTING_TAKEN' || code === 'EXISTING_INTERFACE')
        .map(({ message, place }) => `${place.file}:${place.line} ${message}`),
    hints: (lines: string) => checkExisting(policy, shown(lines)).map(({ hint }) => hint),
  }
}

function router(form: Partial<Tunnel>) {
  const written = acceptance('vyos-1.4', 'vyos-1.4')
  const tunnel = { sites: ['cloud', 'onpremise'], proposal: 'compatible', ...form } as Tunnel
  return gateway(derive({ ...written, tunnels: [tunnel] }).policies[0])
}

function linux(form: Parameters<typeof formed>[1]) {
  return gateway(derive(formed('linux', form)).policies.find(({ site }) => site === 'left'))
}

describe('what natplan needs of a router and something else has', () => {
  const both = router({ translateAt: 'cloud' })

  it.each([
    [
      'the table of a VRF',
      "set vrf name blue description 'x'\nset vrf name blue table '1100'\n",
      ['running.txt:2 natplan needs the routing table 1100 at cloud, which the VRF blue has already'],
    ],
    [
      'a table that packets are sent to',
      "set policy local-route rule 5 set table '1100'\nset policy local-route rule 5 source '10.9.0.0/16'\n",
      [
        'running.txt:1 natplan needs the routing table 1100 at cloud, which a rule that chooses a routing table has already',
      ],
    ],
    [
      'the name of an interface that is switched off',
      "set interfaces virtual-ethernet veth200 disable\nset interfaces virtual-ethernet veth200 peer-name 'veth9'\n",
      ['running.txt:1 natplan needs the name veth200 at cloud, which an interface that is switched off has already'],
    ],
    [
      'the other end of a pair',
      "set interfaces virtual-ethernet veth7 peer-name 'veth201'\n",
      ['running.txt:1 natplan needs the name veth201 at cloud, which peer-name of veth7 has already'],
    ],
    [
      'an address of the cable',
      "set interfaces dummy dum0 address '169.254.64.201/32'\n",
      [
        "running.txt:1 dum0 of cloud has 169.254.64.201 already, in the network 169.254.64.200/31 that natplan's veth200 is to have",
      ],
    ],
    [
      'a pair of that name',
      "set interfaces virtual-ethernet veth200 address '172.31.0.1/30'\n",
      ['running.txt:1 veth200 of cloud exists already, with 172.31.0.1/30'],
    ],
  ])('is told with the line: %s', (_, lines, messages) => {
    expect(both.told(lines)).toEqual(messages)
  })

  it('comes with what moves it', () => {
    expect(both.hints("set vrf name blue table '1100'\n")[0]).toContain('gateway.interfaceBase')
    const linked = router({ mode: 'route', link: '169.254.10.0/30' })
    expect(linked.told("set interfaces vti vti7 address '169.254.10.2/30'\n")).toHaveLength(1)
    expect(linked.hints("set interfaces vti vti7 address '169.254.10.2/30'\n")).toContain(
      'write another link at the tunnel',
    )
  })

  it.each([
    [
      'other tables, names and addresses',
      "set vrf name blue table '1101'\nset interfaces dummy dum0 address '169.254.65.1/32'\n",
    ],
    ['a wider network around the cable', "set interfaces ethernet eth5 address '169.254.1.1/16'\n"],
    ['what natplan wrote itself', both.text],
  ])('is not %s', (_, lines) => {
    expect(both.told(lines)).toEqual([])
  })

  const plain = router({})

  it('is a group by its name, wherever something else refers to it', () => {
    const shared = 'set vpn ipsec profile mine esp-group natplan-onpremise\n'
    expect(plain.told(`${plain.text}${shared}`)).toEqual([
      expect.stringMatching(
        /^running.txt:\d+ natplan needs the group natplan-onpremise at cloud, which something else under vpn ipsec has already/,
      ),
    ])
    expect(plain.told(`${plain.text}set vpn ipsec profile mine esp-group natplan-left\n`)).toEqual([])
    expect(plain.told(`${plain.text}set vpn ipsec profile mine esp-group other\n`)).toEqual([])
  })

  it('is a group of a peer that natplan has not described, unless it ends where the plan has a tunnel', () => {
    const peer = (
      address: string,
      description?: string,
    ) => `${description === undefined ? '' : `set vpn ipsec site-to-site peer P description '${description}'\n`}set vpn ipsec site-to-site peer P ike-group natplan-onpremise
set vpn ipsec site-to-site peer P remote-address '${address}'
`
    for (const description of ['a partner', undefined]) {
      expect(plain.told(`${plain.text}${peer('198.51.100.9', description)}`)).toEqual([
        expect.stringMatching(
          /^running.txt:\d+ natplan needs the group natplan-onpremise at cloud, which the peer P has already/,
        ),
      ])
    }
    expect(plain.told(`${plain.text}${peer('198.51.100.9', 'natplan: cloud to left')}`)).toEqual([])
    expect(plain.told(peer('192.0.2.20', 'renamed by hand'))).toEqual([])
    expect(plain.told(peer('192.0.2.20'))).toEqual([])
  })
})

describe('what natplan needs of a Linux gateway and something else has', () => {
  const both = linux({ translateAt: 'left' })
  const routed = linux({ mode: 'route' })

  it.each([
    [
      'the table of a VRF',
      'ip link add blue type vrf table 1100\n',
      ['running.txt:1 natplan needs the routing table 1100 at left, which the VRF blue has already'],
    ],
    [
      'the table of a route',
      'ip route add 10.77.0.0/16 via 10.0.1.9 dev eth0 table 1100\n',
      ['running.txt:1 natplan needs the routing table 1100 at left, which the route for 10.77.0.0/16 has already'],
    ],
    [
      'a zone of nftables',
      'table ip other {\n\tchain zone {\n\t\ttype filter hook prerouting priority raw; policy accept;\n\t\tiifname "eth7" ct zone set 1100\n\t}\n}\n',
      ['running.txt:4 natplan needs the zone 1100 of connection tracking at left, which a rule has already'],
    ],
    [
      'a zone of iptables',
      '*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -i eth7 -j CT --zone 1100\nCOMMIT\n',
      ['running.txt:3 natplan needs the zone 1100 of connection tracking at left, which a rule has already'],
    ],
    [
      'the if_id of an interface',
      '7: other@NONE: <NOARP,UP,LOWER_UP> mtu 1500 qdisc noqueue state UNKNOWN mode DEFAULT group default\n    link/none promiscuity 0\n    xfrm if_id 0x65 addrgenmode none\n',
      ['running.txt:1 natplan needs the if_id 101 at left, which other has already'],
    ],
    [
      'the if_id of a connection',
      'connections {\n  old {\n    remote_addrs = 198.51.100.9\n    if_id_in = 101\n    if_id_out = 101\n    children {\n      old {\n        start_action = trap\n      }\n    }\n  }\n}\n',
      ['running.txt:4 natplan needs the if_id 101 at left, which the connection old has already'],
    ],
    [
      'the name of a VRF',
      'ip link add natplan100 type dummy\n',
      ['running.txt:1 natplan needs the name natplan100 at left, which an interface has already'],
    ],
    [
      'the name of an interface that would be as planned',
      'ip link add ipsec100 type xfrm dev eth0 if_id 7\n',
      ['running.txt:1 ipsec100 of left exists already, with no address, in the routing table main'],
    ],
    [
      'a priority in front of the VRFs',
      '1:\tfrom 10.9.0.0/16 lookup 100\n',
      [
        'running.txt:1 natplan needs the priority 1 of ip rule at left, which a rule that chooses a routing table has already',
      ],
    ],
  ])('is told with the line: %s', (_, lines, messages) => {
    expect(both.told(lines)).toEqual(messages)
  })

  it('is the name of an interface also where nothing else of it differs', () => {
    expect(routed.told('ip link add ipsec100 type xfrm dev eth0 if_id 7\n')).toEqual([
      'running.txt:1 natplan needs the name ipsec100 at left, which an interface has already',
    ])
  })

  it.each([
    [
      'other numbers',
      'ip link add blue type vrf table 1101\nip link add x type xfrm if_id 7\nip route add 10.77.0.0/16 via 10.0.1.9 dev eth0 table 55\n',
    ],
    [
      'rules behind those of the VRFs, and the kernel’s own',
      '0:\tfrom all lookup local\n100:\tfrom 10.9.0.0/16 lookup 55\n1000:\tfrom all lookup [l3mdev-table]\n32766:\tfrom all lookup main\n',
    ],
    [
      'the same recipe by somebody else',
      'ip rule add pref 1 l3mdev\nip rule add pref 2 lookup local\nip rule del pref 0\n',
    ],
    ['what natplan wrote itself', both.text],
    [
      'what a gateway shows of it',
      `8: natplan100: <NOARP,MASTER,UP,LOWER_UP> mtu 65575 qdisc noqueue state UP mode DEFAULT group 7233908 qlen 1000
    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff promiscuity 0
    vrf table 1100 addrgenmode eui64
9: veth201@veth200: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1438 qdisc noqueue master natplan100 state UP group 7233908 qlen 1000
    link/ether 02:00:00:00:00:02 brd ff:ff:ff:ff:ff:ff promiscuity 0
    veth
    vrf_slave table 1100
    inet 169.254.64.201/31 scope global veth201
11: ipsec100@NONE: <NOARP,UP,LOWER_UP> mtu 1438 qdisc noqueue master natplan100 state UNKNOWN group 7233908 qlen 1000
    link/none  promiscuity 0
    xfrm if_id 0x65
    vrf_slave table 1100
1:\tfrom all lookup [l3mdev-table] proto 117
2:\tfrom all lookup local proto 117
32766:\tfrom all lookup main
unreachable default table 1100 proto 117 metric 4278198272
169.254.64.200/31 dev veth201 table 1100 proto kernel scope link src 169.254.64.201
local 169.254.64.201 dev veth201 table 1100 proto kernel scope host src 169.254.64.201
broadcast 169.254.64.201 dev veth201 table 1100 proto kernel scope link src 169.254.64.201
fe80::/64 dev veth201 table 1100 proto kernel metric 256 pref medium
multicast ff00::/8 dev veth201 table 1100 proto kernel metric 256 pref medium
`,
    ],
  ])('is not %s', (_, lines) => {
    expect(both.told(lines)).toEqual([])
  })
})
