import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type NodeUnderTest, protocol } from './node-under-test.ts'
import { RouteMonitor } from './route-monitor.ts'
import { onNodes } from './suites.ts'
import { everyShell } from './toolboxes.ts'

const gateway = '10.1.2.1'
const listed = ['192.168.1.0/24', '192.168.9.7/32']

/** Puts the agent to work on a list and expects the routes that belong to it. */
function install(node: NodeUnderTest, routes: readonly string[] = listed, via = gateway): void {
  node.list(routes)
  node.converge()
  expect(node.own()).toEqual(new Map([...routes].map((route) => [route, via])))
}

/** Expects that a look finds something wrong, says so in these words, and changes nothing at all. */
function expectRefusal(node: NodeUnderTest, ...words: readonly string[]): void {
  const before = node.table()
  const { status, stdout } = node.agent('once')
  expect(status).toBe(1)
  for (const word of words) expect(stdout).toContain(word)
  expect(node.table()).toEqual(before)
}

// The number and name of each test is a row of the table in docs/kubernetes-agent.md: what a well-known shell loop for
// the same task does wrong.
onNodes('defects', everyShell, (fresh) => {
  it('01 the second line of `ip route get` is not part of the gateway', () => {
    const node = fresh()
    expect(node.ip('route get 10.0.0.1').trim().split('\n')).toHaveLength(2)
    install(node)
  })

  it('02 the gateway is that of the private network itself: not of a host in it, of a part of it or of the default route', () => {
    const node = fresh()
    node.namespace.script('ip route add 10.0.0.0/16 via 10.1.2.77; ip addr add 10.0.0.5/24 dev eth1')
    expect(node.ip('route get 10.0.0.0')).not.toContain(` via ${gateway} `)
    install(node)
    node.namespace.script('ip addr del 10.0.0.5/24 dev eth1; ip route del 10.0.0.0/16; ip route del 10.0.0.0/8')
    expect(node.ip('route get 10.0.0.0')).toContain(' via 203.0.113.1 ')
    node.list([...listed, '192.168.2.0/24'])
    expectRefusal(node, 'problem=no-private-route route=10.0.0.0/8')
  })

  it('03 a result that is no gateway is not used', () => {
    const node = fresh()
    node.ip('route del 10.0.0.0/8')
    node.list(listed)
    for (const [route, problem] of [
      ['unreachable 10.0.0.0/8', 'private-route-not-single'],
      ['blackhole 10.0.0.0/8', 'private-route-not-single'],
      ['10.0.0.0/8 dev eth1', 'private-route-not-single'],
      ['10.0.0.0/8 via inet6 fe80::1 dev eth1', 'private-route-not-single'],
      ['10.0.0.0/8 via 203.0.113.1', 'gateway-is-public-default'],
    ] as const) {
      node.ip(`route add ${route}`)
      expectRefusal(node, `problem=${problem}`)
      node.ip(`route del ${route}`)
    }
  })

  it('04 a changed gateway is followed by the running agent, without a moment without a route', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    const monitor = await RouteMonitor.start(node)
    node.ip('route replace 10.0.0.0/8 via 10.1.2.10')
    await loop.look()
    expect(node.own()).toEqual(new Map(listed.map((route) => [route, '10.1.2.10'])))
    expect(await monitor.fewest('192.168.1.0/24', 1)).toBe(1)
    expect(await monitor.fewest('192.168.9.7', 1)).toBe(1)
    expect(loop.verdict).toBe('ready')
  })

  it('05 a prefix is not found in another one that contains its text, and a dot is a dot', () => {
    const node = fresh()
    node.set({ NATPLAN_ALLOWED: '0.0.0.0/0' })
    install(node, ['192.168.0.0/24', '192.168.10.0/24'])
    install(node, [
      '2.168.0.0/24',
      '192.168.0.0/24',
      '19.168.10.0/24',
      '192.168.10.0/24',
      '192.168.1.0/24',
      '92.168.10.0/24',
    ])
    install(node, ['2.168.0.0/24'])
  })

  it('06 a gateway is not found in another one that begins with its text', () => {
    const node = fresh()
    node.ip('route replace 10.0.0.0/8 via 10.1.2.10')
    install(node, listed, '10.1.2.10')
    node.ip('route replace 10.0.0.0/8 via 10.1.2.1')
    install(node, listed, '10.1.2.1')
    node.ip('route replace 10.0.0.0/8 via 10.1.2.193')
    install(node, listed, '10.1.2.193')
  })

  it('07 a /32, which the kernel prints without its length, is added once and removed', () => {
    const node = fresh()
    install(node, ['192.168.9.7/32'])
    expect(node.converge()).toEqual([expect.stringContaining('event=ready')])
    install(node, ['192.168.9.8/32'])
    install(node, [])
  })

  it('08 a trailing comma changes nothing', () => {
    const node = fresh()
    install(node)
    node.list('["192.168.1.0/24", "192.168.9.7/32",]')
    expectRefusal(node, 'reason=stray-comma entry=3')
  })

  it('09 a missing key, what a template prints for one, an empty value and null are not an empty list', () => {
    const node = fresh()
    install(node)
    for (const content of [{}, { routes: '<no value>' }, { routes: '' }, { routes: 'null' }]) {
      node.configMap.write(content)
      expectRefusal(node, 'problem=list-refused')
    }
  })

  it('10 a source that cannot be read changes nothing, and the next good one counts', () => {
    const node = fresh()
    install(node)
    node.set({ NATPLAN_ROUTES_FILE: '/nowhere/routes' })
    expectRefusal(node, 'reason=unreadable')
    node.set({ NATPLAN_ROUTES_FILE: '/proc' })
    expectRefusal(node, 'reason=unreadable')
    node.set({ NATPLAN_ROUTES_FILE: `${node.configMap.folder}/routes` })
    install(node, ['192.168.1.0/24'])
  })

  it('11 what fails once is tried again: an interface that is down when the agent starts', async () => {
    const node = fresh()
    node.namespace.script('ip link set eth1 down')
    node.list(listed)
    const loop = await node.start()
    expect(loop.verdict).toBe('not-ready')
    node.namespace.script('ip link set eth1 up; ip route add 10.0.0.0/8 via 10.1.2.1')
    await loop.look()
    expect(node.own().size).toBe(2)
    expect(loop.verdict).toBe('ready')
  })

  it('12 a route that something else removed is put back', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    node.ip('route del 192.168.1.0/24')
    expect(await loop.look()).toEqual([`level=info event=added route=192.168.1.0/24 gateway=${gateway} dev=eth1`])
    node.ip(`route flush proto ${protocol}`)
    expect(node.own().size).toBe(0)
    await loop.look()
    expect(node.own().size).toBe(2)
  })

  it('13 a new version of the ConfigMap with the same list changes and logs nothing', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    const monitor = await RouteMonitor.start(node)
    for (let i = 0; i < 3; i += 1) {
      node.list(listed)
      expect(await loop.look()).toEqual([])
    }
    expect(await monitor.changes()).toEqual([])
  })

  it('14 what left the list while no agent ran is removed: the kernel is the only memory', async () => {
    const node = fresh()
    node.list(['192.168.6.0/24', ...listed])
    const first = await node.start()
    await first.end('SIGKILL')
    node.namespace.script(`rm -rf ${node.stateFolder}/*`)
    install(node)
  })

  it('15 a route that an administrator made is neither adopted nor removed', () => {
    const node = fresh()
    node.namespace.script(`
      ip route add 192.168.1.0/24 via ${gateway}
      ip route add 192.168.6.0/24 via ${gateway}
      ip route add 192.168.9.7 via ${gateway} metric 20000
    `)
    const foreign = node.foreign()
    install(node)
    install(node, ['192.168.1.0/24'])
    install(node, [])
    expect(node.foreign()).toEqual(foreign)
  })

  it('16 protected space and what is not allowed is refused', () => {
    const node = fresh()
    install(node)
    node.set({ NATPLAN_PROTECTED: '172.21.0.0/16 172.30.0.0/16' })
    for (const prefix of ['0.0.0.0/1', '127.0.0.0/8', '10.0.0.0/8', '172.30.7.0/24', '8.8.8.8/32']) {
      node.list([...listed, prefix])
      expectRefusal(node, `problem=route-refused route=${prefix} reason=`)
    }
  })

  it('17 a prefix that is not canonical is called out, not skipped', () => {
    const node = fresh()
    install(node)
    for (const [prefix, reason] of [
      ['192.168.5.5/24', 'host-bits'],
      ['192.168.5.0/33', 'not-a-prefix'],
      ['192.168.256.0/24', 'not-a-prefix'],
      ['192.168.5.0', 'not-a-prefix'],
      ['192.168.05.0/24', 'leading-zero'],
    ] as const) {
      node.list(['192.168.1.0/24', prefix])
      expectRefusal(node, `reason=${reason} entry=2 value="${prefix}"`)
    }
  })

  it('18 a change adds before it removes, touches only the difference, and a repetition touches nothing', async () => {
    const node = fresh()
    install(node)
    const monitor = await RouteMonitor.start(node)
    install(node, ['192.168.9.7/32', '192.168.2.0/24'])
    node.converge()
    const changes = await monitor.changes()
    expect(changes.map((line) => line.replace(/ via .*/, ''))).toEqual(['192.168.2.0/24', 'Deleted 192.168.1.0/24'])
  })

  it('19 SIGTERM ends the first process of the container within a second, and the routes stay', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    expect(await loop.end('SIGTERM')).toBeLessThan(1000)
    expect(loop.log().at(-1)).toBe('level=info event=stopped routes=kept')
    expect(node.own().size).toBe(2)
  })

  it('20 cleanup mode removes what is ours and nothing else, whatever the list, and is ready when that is done', async () => {
    const node = fresh()
    install(node)
    const foreign = node.foreign()
    node.list('broken')
    node.ip('route del 10.0.0.0/8')
    node.set({ NATPLAN_MODE: 'cleanup' })
    const loop = await node.start()
    expect(loop.verdict).toBe('ready')
    expect(node.agent('ready').status).toBe(0)
    expect(node.own().size).toBe(0)
    node.ip('route add 10.0.0.0/8 via 10.1.2.1')
    expect(node.foreign().sort()).toEqual(foreign.sort())
  })

  it('21 a look at rest is a few processes and no line of log', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    const before = loop.processes()
    for (let i = 0; i < 5; i += 1) expect(await loop.look()).toEqual([])
    expect((loop.processes() - before) / 5).toBeLessThan(8)
  })

  it('22 a look takes one version of the list, never the halves of two', async () => {
    const node = fresh()
    const versions = [64, 128].map((third) => Array.from({ length: 40 }, (_, i) => `172.16.${third + i}.0/24`))
    node.list(versions[0] ?? [])
    const loop = await node.start()
    for (let i = 1; i <= 4; i += 1) {
      const looking = loop.look()
      for (let j = 0; j <= i; j += 1) node.list(versions[j % 2] ?? [])
      await looking
      const own = [...node.own().keys()].sort()
      expect(versions.map((version) => [...version].sort())).toContainEqual(own)
    }
  })

  it('23 it writes to its state folder alone', async () => {
    const node = fresh()
    expect(node.namespace.attempt('touch', '/written').status).toBe(1)
    node.list(listed)
    const loop = await node.start()
    node.list('broken')
    await loop.look()
    expect(node.own().size).toBe(2)
    expect(readdirSync(node.stateFolder).length).toBeGreaterThan(0)
    expect(loop.log().join('\n')).not.toMatch(/read-only|cannot/i)
  })

  it('24 a route with several next hops is nobody’s but its owner’s, and no gateway', () => {
    const node = fresh()
    const hops = 'nexthop via 10.1.2.1 nexthop via 10.1.2.9'
    node.namespace.script(`
      ip route add 192.168.3.0/24 ${hops}
      ip route add 192.168.1.0/24 metric 20000 ${hops}
      ip route add 192.168.4.0/24 proto ${protocol} metric 17600 ${hops}
    `)
    const before = node.table()
    install(node)
    install(node, [])
    expect(node.table()).toEqual(before)
    node.ip(`route replace 10.0.0.0/8 ${hops}`)
    node.list(listed)
    expectRefusal(node, 'problem=private-route-not-single')
  })

  it('25 what is not an IPv4 prefix goes nowhere near a command', () => {
    const node = fresh()
    install(node)
    for (const entry of ['fd00::/8', '-4', '192.168.1.0/24 via 10.1.2.9', '$(reboot)']) {
      node.list(`["192.168.1.0/24", "${entry}"]`)
      expectRefusal(node, 'problem=list-refused')
    }
  })

  it('27 it needs NET_ADMIN and nothing else, and its probes tell ready from alive', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    const status = node.namespace.run('cat', `/proc/${loop.pid}/status`)
    expect(status).toMatch(/^CapEff:\t0000000000001000$/m)
    expect(status).toMatch(/^NoNewPrivs:\t1$/m)
    expect([node.agent('ready').status, node.agent('live').status]).toEqual([0, 0])
    node.ip('route del 10.0.0.0/8')
    await loop.look()
    const ready = node.agent('ready')
    expect([ready.status, node.agent('live').status]).toEqual([1, 0])
    expect(ready.stdout).toBe('not-ready\nproblem=no-private-route route=10.0.0.0/8\n')
  })
})
