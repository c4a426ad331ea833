import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { metric, type NodeUnderTest, protocol } from './node-under-test.ts'
import { onNodes } from './suites.ts'
import { bothTools } from './toolboxes.ts'

const gateway = '10.1.2.1'
const listed = ['192.168.1.0/24', '192.168.2.0/24']

/** Installs the list, changes the node by shell lines, and returns the problems that a look then finds. */
function problemsAfter(node: NodeUnderTest, lines: string): string[] {
  node.list(listed)
  node.converge()
  node.namespace.script(lines)
  const foreign = node.foreign()
  const { stdout } = node.agent('once')
  expect(node.foreign()).toEqual(foreign)
  return [...stdout.matchAll(/event=problem problem=(.*)/g)].map((match) => match[1]?.replaceAll(/ +/g, ' ') ?? '')
}

onNodes('ownership', bothTools, (fresh, toolbox) => {
  it('leaves other tables, rules and everybody else’s routes byte for byte as they are', () => {
    const node = fresh()
    node.namespace.script(`
      ip route add 192.168.1.0/24 via ${gateway} table 100 metric ${metric} proto ${protocol}
      ip route add 192.168.50.0/24 via ${gateway} table 100 metric ${metric} proto ${protocol}
      ip rule add to 172.31.0.0/16 lookup 100
      ip route add 192.168.1.0/24 via ${gateway} proto 188 metric 20
      ip route add 192.168.51.0/24 via ${gateway} proto 188 metric 20
      ip route add 192.168.52.0/24 nexthop via ${gateway} nexthop via 10.1.2.9
      ip route add blackhole 192.168.53.0/24
      ip route add 192.168.54.0/24 via ${gateway} proto ${protocol}
      ip route add 192.168.55.0/24 via ${gateway} tos 0x10
      ip route add 192.168.56.0/24 via inet6 fe80::1 dev eth1 metric ${metric}
      ip route add 192.168.57.0/24 dev eth1 metric ${metric}
    `)
    const foreign = node.foreign()
    const rules = node.ip('rule')
    node.list(listed)
    node.converge()
    node.list(['192.168.2.0/24'])
    node.converge()
    node.set({ NATPLAN_MODE: 'cleanup' })
    node.converge()
    expect(node.foreign()).toEqual(foreign)
    expect(node.ip('rule')).toBe(rules)
  })

  it('never removes what has our metric but another protocol, whether or not ip shows that', () => {
    const node = fresh()
    node.list(listed)
    node.converge()
    node.ip(`route add 192.168.60.0/24 via ${gateway} metric ${metric} proto static`)
    const left = `level=warn event=left route=192.168.60.0/24 gateway=${gateway} dev=eth1 reason=not-ours`
    expect(node.converge().slice(0, -1)).toEqual(toolbox.ip === 'busybox' ? [left] : [])
    expect(node.foreign().join('\n')).toContain('192.168.60.0/24')
  })

  it('does not take over what has our prefix and metric but another protocol', () => {
    const node = fresh()
    const found = problemsAfter(
      node,
      `ip route del 192.168.1.0/24; ip route add 192.168.1.0/24 via 10.1.2.9 metric ${metric} proto static`,
    )
    expect(found).toEqual([expect.stringMatching(/^shadowed route=192.168.1.0\/24 by=".* via 10.1.2.9 /)])
    expect(node.own().get('192.168.1.0/24')).toBe(gateway)
    node.ip(`route del 192.168.1.0/24 via 10.1.2.9 proto static`)
    node.converge()
  })

  it('removes its own routes behind any number of others with its metric, each of which it tries once', async () => {
    const node = fresh()
    const own = ['192.168.200.0/24', '192.168.201.0/24']
    const others = Array.from({ length: 150 }, (_, i) => `192.168.${i}.0/24 via 10.1.2.9 metric ${metric} proto static`)
    node.list(own)
    const loop = await node.start()
    node.namespace.script(others.map((route) => `ip route add ${route}`).join('\n'))
    const foreign = node.foreign()
    node.list(own.slice(0, 1))
    const log = await loop.look()
    expect(loop.verdict).toBe('ready')
    expect(node.split()).toEqual({ own: [`192.168.200.0/24 ${gateway}`], foreign })
    if (toolbox.ip === 'busybox') expect(log).toContain('level=warn event=left more=140 reason=not-ours')
    const before = loop.processes()
    expect(await loop.look()).toEqual([])
    expect(loop.processes() - before).toBeLessThan(10)
    node.list([])
    await loop.look()
    expect(node.split()).toEqual({ own: [], foreign })
    expect(loop.verdict).toBe('ready')
  })

  it('knows a route for its own again that has taken the place of a stranger’s', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    node.ip(`route add 192.168.3.0/24 via ${gateway} metric ${metric} proto static`)
    await loop.look()
    node.list([...listed, '192.168.3.0/24'])
    await loop.look()
    node.ip('route del 192.168.3.0/24 proto static')
    await loop.look()
    expect(node.own().size).toBe(3)
    node.list(listed)
    await loop.look()
    expect([...node.own().keys()]).toEqual(listed)
    expect(loop.verdict).toBe('ready')
  })

  it('knows its own routes in an image that has a name for the protocol', () => {
    const node = fresh()
    const names = ['/etc/iproute2/rt_protos', '/usr/share/iproute2/rt_protos'].find((file) => existsSync(file))
    if (names === undefined) throw new Error('iproute2 has no file of protocol names')
    node.namespace.script(`
      mkdir -p ${node.inside('state')}/names; echo '${protocol} natplan' >${node.inside('state')}/names/protos
      mount --bind ${node.inside('state')}/names/protos ${names}
    `)
    node.list(listed)
    node.converge()
    expect(node.ip('route show 192.168.1.0/24')).toContain(' proto natplan ')
    node.list([])
    node.converge()
    expect(node.own().size).toBe(0)
  })

  it('survives the flush of a routing daemon', () => {
    const node = fresh()
    expect(problemsAfter(node, 'ip route flush proto 188; ip route flush proto static')).toEqual([])
    expect(node.own().size).toBe(2)
  })

  it('shares a node with a second agent for another private network', () => {
    const node = fresh()
    node.ip('route add 172.16.0.0/12 via 10.1.2.9')
    node.list(listed)
    node.converge()
    const first = node.own()
    node.set({ NATPLAN_PRIVATE_NETWORK: '172.16.0.0/12', NATPLAN_METRIC: '17601', NATPLAN_PROTOCOL: `${protocol}` })
    node.list(['192.168.3.0/24'])
    node.converge()
    expect(node.own(17601)).toEqual(new Map([['192.168.3.0/24', '10.1.2.9']]))
    expect(node.own()).toEqual(first)
    node.set({ NATPLAN_MODE: 'cleanup' })
    node.converge()
    expect(node.own(17601).size).toBe(0)
    expect(node.own()).toEqual(first)
  })
})

onNodes('a fight', bothTools, (fresh) => {
  const unsettled = `problem=unsettled reason=changed-by-others metric=${metric}`

  it('of two agents with one metric and different lists leaves neither ready, and ends when one is gone', async () => {
    const node = fresh()
    node.list(['192.168.1.0/24'])
    const one = await node.start()
    const other = await node.startAnother(['192.168.2.0/24'])
    expect([one.verdict, other.verdict]).toEqual(['ready', 'ready'])
    for (let i = 0; i < 3; i += 1) for (const loop of [one, other]) await loop.look()
    expect([one.verdict, other.verdict]).toEqual(['not-ready', 'not-ready'])
    expect(node.agent('ready')).toMatchObject({ status: 1, stdout: `not-ready\n${unsettled}\n` })
    for (const loop of [one, other])
      expect(
        loop
          .log()
          .join('\n')
          .match(/problem=unsettled/g),
      ).toHaveLength(1)
    await other.end('SIGTERM')
    await one.look()
    for (let i = 0; i < 4; i += 1) expect(await one.look()).toEqual([])
    expect(one.verdict).toBe('not-ready')
    expect((await one.look())[0]).toBe(`level=info event=resolved ${unsettled}`)
    expect(one.verdict).toBe('ready')
    expect([...node.own().keys()]).toEqual(['192.168.1.0/24'])
  })

  it('is seen by an agent that looks more often than the other', async () => {
    const node = fresh()
    node.list([])
    const loop = await node.start()
    const disturb = async (looks: number) => {
      for (let i = 0; i < 3; i += 1) {
        node.ip(`route add 192.168.1.0/24 via ${gateway} metric ${metric} proto ${protocol}`)
        for (let look = 0; look < looks; look += 1) await loop.look()
      }
    }
    await disturb(6)
    expect(loop.verdict).toBe('ready')
    await disturb(3)
    expect(loop.verdict).toBe('not-ready')
    for (let i = 0; i < 5; i += 1) await loop.look()
    expect(loop.verdict).toBe('ready')
  })

  it('is not what changed lists, gateways and addresses of the node are', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    for (let i = 0; i < 3; i += 1) {
      node.list(['192.168.1.0/24', `192.168.${10 + i}.0/24`])
      await loop.look()
      node.ip(`route replace 10.0.0.0/8 via 10.1.2.${9 + i}`)
      await loop.look()
      node.ip('addr add 192.168.1.9/32 dev lo')
      await loop.look()
      node.ip(`route replace 10.0.0.0/8 via ${gateway}`)
      node.ip('addr del 192.168.1.9/32 dev lo')
      await loop.look()
      expect(loop.verdict).toBe('ready')
    }
    expect(loop.log().join('\n')).not.toContain('unsettled')
  })
})

onNodes('effective', bothTools, (fresh, toolbox) => {
  it('reports a preferred route of somebody else, and its end', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    node.ip('route add 192.168.1.0/24 via 10.1.2.9')
    const shadow = 'problem=shadowed route=192.168.1.0/24 by="192.168.1.0/24 via 10.1.2.9 dev eth1"'
    expect(await loop.look()).toEqual([`level=warn event=problem ${shadow}`, 'level=warn event=not-ready'])
    expect(await loop.look()).toEqual([])
    node.ip('route del 192.168.1.0/24 via 10.1.2.9')
    expect(await loop.look()).toEqual([
      `level=info event=resolved ${shadow}`,
      `level=info event=ready routes=2 gateway=${gateway} dev=eth1`,
    ])
  })

  it('is content with a preferred route that does the same, and then with any behind it', () => {
    const lines = `ip route add 192.168.1.0/24 via ${gateway}; ip route add 192.168.1.0/24 via 10.1.2.9 metric 20`
    expect(problemsAfter(fresh(), lines)).toEqual([])
  })

  it.each([
    ['a less preferred route', '192.168.1.0/24 via 10.1.2.9 dev eth1 metric 20000', '192.168.1.0/24', 1],
    ['a wider route', '192.168.0.0/16 via 10.1.2.9 dev eth1', '192.168.1.0/24', 2],
    ['a wider route to nowhere', 'blackhole 192.168.2.0/23', '192.168.2.0/24', 1],
  ])('says once that a listed route takes the packets of %s', async (_, route, first, count) => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    node.ip(`route add ${route}`)
    // BusyBox has a number and two spaces where iproute2 has a name and one.
    const line = `level=warn event=takes-over route=${first} routes=${count} from="${route.replace('blackhole ', '')}"`
    const said = (await loop.look()).map((found) => found.replace(/"(blackhole|6|unicast) /, '"'))
    expect(said).toEqual([line])
    expect(await loop.look()).toEqual([])
    node.list('broken')
    await loop.look()
    node.list(listed)
    expect((await loop.look()).join()).not.toContain('takes-over')
    expect(loop.verdict).toBe('ready')
    node.ip(`route del ${route}`)
    expect(await loop.look()).toEqual([])
    node.ip(`route add ${route}`)
    expect(await loop.look()).toHaveLength(1)
  })

  it('says nothing of a wider route that leads the same way, of the default route, or of one behind such', () => {
    const node = fresh()
    node.namespace.script(
      `ip route add 192.168.0.0/16 via ${gateway}; ip route add 192.0.0.0/8 via 10.1.2.9; ip route add 10.99.0.0/16 dev eth1`,
    )
    node.list(listed)
    expect(node.converge().filter((line) => line.includes('takes-over'))).toEqual([])
  })

  it('names ten of the routes that it takes over', () => {
    const node = fresh()
    const many = Array.from({ length: 13 }, (_, i) => `192.168.${i}.0/24`)
    node.namespace.script(many.map((route) => `ip route add ${route} via 10.1.2.9 metric 20000`).join('\n'))
    node.list(many)
    const said = node.converge().filter((line) => line.includes('takes-over'))
    expect(said).toHaveLength(11)
    expect(said.at(-1)).toBe('level=warn event=takes-over more=3')
  })

  it.each([
    ['a part that goes elsewhere', '192.168.1.128/25 via 10.1.2.9'],
    ['a host that goes elsewhere', '192.168.1.7/32 via 10.1.2.9'],
    ['a part that goes nowhere', 'blackhole 192.168.1.64/26'],
    ['a part with several next hops', '192.168.1.0/25 nexthop via 10.1.2.1 nexthop via 10.1.2.9'],
  ])('reports %s', (_, route) => {
    expect(problemsAfter(fresh(), `ip route add ${route}`)).toEqual([
      expect.stringContaining('partly-shadowed route=192.168.1.0/24 by='),
    ])
  })

  it('knows a route for marked packets only where ip shows the mark', () => {
    const found = problemsAfter(fresh(), 'ip route add 192.168.1.0/24 via 10.1.2.9 tos 0x10')
    expect(found).toHaveLength(toolbox.ip === 'busybox' ? 1 : 0)
  })

  it('does not mind a part that goes the same way, a wider route, or a more specific one of its own list', () => {
    const node = fresh()
    expect(
      problemsAfter(node, `ip route add 192.168.1.128/25 via ${gateway}; ip route add 192.168.0.0/16 via 10.1.2.9`),
    ).toEqual([])
    node.list([...listed, '192.168.1.128/26', '192.168.2.0/23'])
    node.converge()
  })

  it('asks the kernel, so that a rule with another table does not go unseen', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    node.namespace.script(
      'ip route add 192.168.0.0/16 via 10.1.2.9 table 100; ip rule add to 192.168.2.0/24 lookup 100',
    )
    const found = [...(await loop.look()), ...(await loop.look())].join('\n')
    expect(found).toContain('problem=ineffective route=192.168.2.0/24 answer="192.168.2.1 via 10.1.2.9 dev eth1')
    expect(await loop.look()).toEqual([])
    expect(loop.verdict).toBe('not-ready')
    node.ip('rule del to 192.168.2.0/24 lookup 100')
    await loop.look()
    expect(loop.verdict).toBe('ready')
  })

  it.each([
    ['an address of the node', 'ip addr add 192.168.1.9/32 dev lo', '192.168.1.9/32'],
    ['a network of the node', 'ip addr add 192.168.1.9/24 dev eth0', '192.168.1.0/24'],
    ['a part of a network of the node', 'ip addr add 192.168.1.9/16 dev eth0', '192.168.0.0/16'],
    ['a network inside it', 'ip addr add 192.168.1.129/25 dev eth0', '192.168.1.128/25'],
    ['a pod on the node', 'ip route add 192.168.1.77 dev eth0 scope link', '192.168.1.77/32'],
  ])('holds a route that meets %s: neither changed nor removed, while the others go on', (_, lines, space) => {
    const node = fresh()
    const found = problemsAfter(node, `${lines}; ip route replace 10.0.0.0/8 via 10.1.2.9`)
    expect(found.filter((line) => line.includes('192.168.1.0/24'))).toEqual([
      expect.stringMatching(`^overlaps-node route=192.168.1.0/24 with=${space}`),
    ])
    expect(node.own().get('192.168.1.0/24')).toBe(gateway)
    if (space !== '192.168.0.0/16') expect(node.own().get('192.168.2.0/24')).toBe('10.1.2.9')
  })

  it('holds a route that contains the API server, whose address every container has', () => {
    const node = fresh()
    node.set({ KUBERNETES_SERVICE_HOST: '172.21.0.1' })
    node.list(['172.21.0.0/16', '172.21.0.1/32', '172.21.0.2/32', '192.168.1.0/24'])
    const { stdout } = node.agent('once')
    for (const route of ['172.21.0.0/16', '172.21.0.1/32'])
      expect(stdout).toContain(`problem=overlaps-node route=${route} with=172.21.0.1/32`)
    expect([...node.own().keys()]).toEqual(['172.21.0.2/32', '192.168.1.0/24'])
    for (const name of ['api.example.net', 'fd00::1', '']) {
      node.set({ KUBERNETES_SERVICE_HOST: name })
      node.converge()
    }
  })

  it('holds a route that contains the gateway of the default route', () => {
    const node = fresh()
    node.ip('route replace default via 172.31.1.1 dev eth0 onlink')
    node.list(['172.31.1.0/24', '172.31.2.0/24'])
    expect(node.agent('once').stdout).toContain('problem=overlaps-node route=172.31.1.0/24 with=172.31.1.1/32')
    expect([...node.own().keys()]).toEqual(['172.31.2.0/24'])
  })

  it('holds a route that contains the gateway', () => {
    const node = fresh()
    node.ip('route replace 10.0.0.0/8 via 100.70.0.1 dev eth1 onlink')
    node.list(['192.168.1.0/24', '100.70.0.0/16', '100.70.0.1/32', '100.70.0.2/32'])
    const { stdout } = node.agent('once')
    expect(stdout).toContain('problem=overlaps-node route=100.70.0.0/16 with=100.70.0.1/32')
    expect(stdout).toContain('problem=overlaps-node route=100.70.0.1/32 with=100.70.0.1/32')
    expect([...node.own().keys()]).toEqual(['100.70.0.2/32', '192.168.1.0/24'])
  })
})
