import { describe, expect, it } from 'vitest'
import { type DumpedNode, parseNodeRoutes } from './read-node-routes.ts'

function routeTexts({ routes }: DumpedNode): string[] {
  return routes.map(({ prefix, via, interface: target, source, metric }) =>
    [prefix, via && `via ${via}`, target, source && `from ${source}`, metric].filter(Boolean).join(' '),
  )
}

const twoNodes = `== worker-1 ==
default via 169.48.0.1 dev eth1 proto dhcp src 169.48.0.10 metric 100
10.0.0.0/8 via 10.0.1.1 dev eth0 proto static
10.0.1.0/27 dev eth0 proto kernel scope link src 10.0.1.5
blackhole 172.30.64.0/26 proto 80
172.30.64.12 dev cali1a2b3c4d5e6 scope link
172.30.99.0/26 via 10.0.1.6 dev tunl0 proto bird onlink
192.168.1.0/24 via 10.0.1.1 dev eth0 proto 157
169.254.0.0/16 dev eth7 scope link metric 1000 dead linkdown
net.ipv4.conf.all.rp_filter = 0
net.ipv4.conf.eth0.rp_filter = 1
net.ipv4.conf.eth0/100.rp_filter = 2
net.ipv4.ip_forward = 1

== worker-2 ==
default proto static metric 5
	nexthop via 169.48.0.1 dev eth1 weight 1
	nexthop via 169.48.0.2 dev eth1 weight 1
10.0.0.0/8 via 10.0.1.1 dev eth0
0:	from all lookup local
32766:	from all lookup main
32767:	from all lookup default
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc mq state UP group default qlen 1000
    link/ether 06:5d:5b:00:00:01 brd ff:ff:ff:ff:ff:ff
    inet 10.0.1.6/27 brd 10.0.1.31 scope global eth0
       valid_lft forever preferred_lft forever
3: eth1    inet 169.48.0.11/28 brd 169.48.0.15 scope global eth1\\       valid_lft forever preferred_lft forever
`

describe('parseNodeRoutes', () => {
  const { nodes, lines, findings } = parseNodeRoutes(twoNodes)

  it('reads the main table of each node', () => {
    expect(findings).toEqual([])
    expect(nodes.map((node) => [node.name, routeTexts(node)])).toEqual([
      [
        'worker-1',
        [
          '0.0.0.0/0 via 169.48.0.1 eth1 from 169.48.0.10 100',
          '10.0.0.0/8 via 10.0.1.1 eth0',
          '10.0.1.0/27 eth0 from 10.0.1.5',
          '172.30.64.0/26',
          '172.30.64.12/32 cali1a2b3c4d5e6',
          '172.30.99.0/26 via 10.0.1.6 tunl0',
          '192.168.1.0/24 via 10.0.1.1 eth0',
        ],
      ],
      [
        'worker-2',
        ['0.0.0.0/0 via 169.48.0.1 eth1 5', '0.0.0.0/0 via 169.48.0.2 eth1 5', '10.0.0.0/8 via 10.0.1.1 eth0'],
      ],
    ])
  })

  it('knows the line of each route', () => {
    const texts = twoNodes.split('\n')
    const [first, second] = nodes.map(({ routes }) => routes.map((route) => texts[(lines.get(route) ?? 0) - 1]))
    expect(first?.[6]).toContain('192.168.1.0/24')
    expect(second?.[1]).toContain('169.48.0.2')
  })

  it('reads filters and addresses that stand beside', () => {
    expect(nodes.map(({ rpFilter }) => [...rpFilter])).toEqual([
      [
        ['all', 0],
        ['eth0', 1],
        ['eth0.100', 2],
      ],
      [],
    ])
    expect(nodes[1]?.addresses.map((one) => `${one.interface} ${one.address} ${one.prefix}`)).toEqual([
      'eth0 10.0.1.6 10.0.1.0/27',
      'eth1 169.48.0.11 169.48.0.0/28',
    ])
  })

  it('takes the larger number of an interface and all', () => {
    const text = ['all', 'default', 'eth0', 'eth1'].map(
      (name, index) => `net.ipv4.conf.${name}.rp_filter = ${[1, 0, 0, 2][index]}`,
    )
    const [node] = parseNodeRoutes(text.join('\n')).nodes
    expect([...(node?.rpFilter ?? [])]).toEqual([
      ['all', 1],
      ['default', 0],
      ['eth0', 1],
      ['eth1', 2],
    ])
  })

  it.each([
    ['== NAME =='],
    ['=== NAME'],
    ['==> NAME <=='],
    ['--- NAME ---'],
    ['# NAME'],
    ['## node/NAME ##'],
    ['NAME:'],
    ['node/NAME'],
    ['node/NAME:'],
    ['root@NAME:~# ip route'],
    ['[core@NAME ~]$ ip -4 route show'],
  ])('takes %s for a heading', (heading) => {
    const text = `${heading.replace('NAME', '10.0.1.5')}\n# ip route show\n$ ip route\ndefault dev eth0\n`
    expect(parseNodeRoutes(text)).toMatchObject({ nodes: [{ name: '10.0.1.5' }], findings: [] })
  })

  it('puts what comes later under the same name to the same node', () => {
    const text = '# a\ndefault dev eth0\n# b\ndefault dev eth1\n# a\nnet.ipv4.conf.eth0.rp_filter = 2\n'
    expect(parseNodeRoutes(text).nodes.map(({ name, rpFilter }) => [name, rpFilter.size])).toEqual([
      ['a', 1],
      ['b', 0],
    ])
  })

  it('needs no heading for one node', () => {
    expect(parseNodeRoutes('default dev eth0\n').nodes.map(({ name }) => name)).toEqual(['node'])
  })

  it.each([
    ['prose', 'these are the routes'],
    ['an address that is none', '10.0.0.0/8 via 10.0.0.300 dev eth0'],
    ['host bits', '10.0.0.1/8 dev eth0'],
    ['an older command', 'Kernel IP routing table'],
    ['a next hop of nothing', '\tnexthop via 10.0.0.1 dev eth0 weight 1'],
  ])('names a line that it does not understand: %s', (_, line) => {
    const { findings: found, nodes: read } = parseNodeRoutes(`default dev eth0\n${line}\ndefault dev eth0\n`)
    expect(found.map(({ code, place }) => [code, place.line])).toEqual([['NODE_ROUTES_NOT_UNDERSTOOD', 2]])
    expect(read[0]?.routes).toHaveLength(2)
  })

  it('says what lies outside of the main table', () => {
    const text = `default dev eth0
10.9.0.0/16 dev eth9 table 100
10.8.0.0/16 dev eth9 table 100
local 10.0.1.5 dev eth0 table local proto kernel scope host src 10.0.1.5
0:	from all lookup local
220:	from all lookup 220
32766:	from all lookup main
32767:	from all lookup default
`
    const { nodes: read, findings: found } = parseNodeRoutes(text)
    expect(read[0]?.routes).toHaveLength(1)
    expect(found).toMatchObject([{ code: 'NODE_ROUTES_OTHER_TABLES', place: { line: 6 } }])
    expect(found[0]?.related?.map(({ message }) => message)).toEqual([
      '220:\tfrom all lookup 220',
      'the table 100',
      'the table local',
    ])
  })

  it('is done with a long text at once', () => {
    const line = '10.0.0.0/8 via 10.0.0.1 dev eth0\n'
    expect(parseNodeRoutes(line.repeat(20_000)).nodes[0]?.routes).toHaveLength(20_000)
    for (const line of [
      `root@${'a:'.repeat(50_000)}`,
      `-- a${'-'.repeat(50_000)}!`,
      `default ${'via '.repeat(50_000)}`,
    ]) {
      expect(parseNodeRoutes(line)).toMatchObject({ nodes: [], findings: [{ code: 'NODE_ROUTES_NOT_UNDERSTOOD' }] })
    }
  })
})
