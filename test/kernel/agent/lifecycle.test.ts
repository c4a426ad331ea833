import { expect, it } from 'vitest'
import { until } from '../../support/namespaces.ts'
import { onNodes } from './suites.ts'
import { bothTools } from './toolboxes.ts'

const listed = ['192.168.1.0/24', '192.168.2.0/24']

onNodes('lifecycle', bothTools, (fresh) => {
  it('looks again by itself after the interval', async () => {
    const node = fresh()
    node.set({ NATPLAN_INTERVAL: '1' })
    node.list(listed)
    await node.start()
    node.ip('route del 192.168.1.0/24')
    await until(
      () => 'the route is back',
      () => node.own().size === 2,
      3000,
    )
  })

  it('logs the whole story of a list in one line per event', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    node.list(['192.168.2.0/24', '192.168.3.0/24'])
    await loop.look()
    node.list('[')
    await loop.look()
    await loop.end('SIGTERM')
    expect(loop.log()).toEqual([
      'level=info event=started mode=run private-network=10.0.0.0/8 metric=17600 protocol=176 interval=3600',
      'level=info event=added route=192.168.1.0/24 gateway=10.1.2.1 dev=eth1',
      'level=info event=added route=192.168.2.0/24 gateway=10.1.2.1 dev=eth1',
      'level=info event=ready routes=2 gateway=10.1.2.1 dev=eth1',
      'level=info event=added route=192.168.3.0/24 gateway=10.1.2.1 dev=eth1',
      'level=info event=removed route=192.168.1.0/24 gateway=10.1.2.1 dev=eth1',
      'level=warn event=problem problem=list-refused reason=not-an-array',
      'level=warn event=not-ready',
      'level=info event=stopped routes=kept',
    ])
  })

  it('goes on where a killed one stopped', async () => {
    const node = fresh()
    node.list(listed)
    const killed = await node.start()
    await killed.end('SIGKILL')
    expect(node.own().size).toBe(2)
    node.list(['192.168.2.0/24', '192.168.4.0/24'])
    const loop = await node.start()
    expect([...node.own().keys()].sort()).toEqual(['192.168.2.0/24', '192.168.4.0/24'])
    expect(loop.verdict).toBe('ready')
  })

  it('is neither ready nor alive before the first look, and not when the last is too old or in the future', () => {
    const node = fresh()
    const probes = () => [node.agent('ready').status, node.agent('live').status]
    expect(probes()).toEqual([1, 1])
    const uptime = Math.floor(Number(node.namespace.run('cat', '/proc/uptime').split(' ')[0]))
    const state = (seconds: number) => {
      const line = `${String(seconds).padEnd(12)} 7            ready    \n`
      node.namespace.run('sh', '-c', `printf '%s' '${line}' >"$1"`, 'sh', node.inside('state/state'))
    }
    node.set({ NATPLAN_INTERVAL: '20' })
    state(uptime)
    expect(probes()).toEqual([0, 0])
    state(uptime - 110)
    expect(probes()).toEqual([0, 0])
    state(uptime - 130)
    expect(probes()).toEqual([1, 1])
    state(uptime + 100)
    expect(probes()).toEqual([1, 1])
  })

  it('stays alive while the list is broken, the gateway is gone and nothing works', async () => {
    const node = fresh()
    node.list('broken')
    node.namespace.script('ip link set eth1 down')
    const loop = await node.start()
    await loop.look()
    expect([node.agent('ready').status, node.agent('live').status]).toEqual([1, 0])
    expect(node.agent('ready').stdout).toContain('problem=list-refused')
  })

  it('can be asked for one look beside the loop, whose state it leaves alone', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    const { looks } = loop
    node.list('broken')
    expect(node.agent('once').status).toBe(1)
    expect([loop.looks, loop.verdict]).toEqual([looks, 'ready'])
    expect(node.namespace.run('ls', node.inside('state')).split('\n')).not.toContain(expect.stringContaining('once'))
  })

  it('says so when it may not change routes, and keeps trying', () => {
    const node = fresh()
    node.list(listed)
    const { status, stdout } = node.agent('once', ['--bounding-set', '-all'])
    expect(status).toBe(1)
    expect(stdout).toMatch(
      /problem=failed action=add route=192.168.1.0\/24 .* error=".*Operation not permitted"\nlevel=warn event=problem/,
    )
    node.converge()
  })

  it.each(['ip', 'awk'])('does not take an image without %s for a node without routes', (name) => {
    const node = fresh()
    node.list(listed)
    node.converge()
    node.discard(name)
    for (const mode of ['run', 'cleanup']) {
      node.set({ NATPLAN_MODE: mode })
      node.list([])
      expect(node.agent('once')).toMatchObject({ status: 1, stdout: expect.stringContaining('event=not-ready') })
    }
    expect(node.own().size).toBe(2)
  })

  it.each(['addr show', 'route show table main'])(
    'does not take a failing "ip -4 %s" for a node without them',
    (words) => {
      const node = fresh()
      node.list(listed)
      node.converge()
      const before = node.own()
      node.spoil('ip', words)
      for (const mode of ['run', 'cleanup']) {
        node.set({ NATPLAN_MODE: mode })
        node.list([])
        const { status, stdout } = node.agent('once')
        expect(stdout).toContain('problem=cannot-list')
        expect(status).toBe(1)
      }
      expect(node.own()).toEqual(before)
    },
  )

  it.each([
    ['NATPLAN_METRIC', '100', 'below-4096'],
    ['NATPLAN_METRIC', '1e4', 'not-a-number'],
    ['NATPLAN_METRIC', '99999999999', 'not-a-number'],
    ['NATPLAN_PROTOCOL', '188', 'taken'],
    ['NATPLAN_PROTOCOL', '2', 'taken'],
    ['NATPLAN_PROTOCOL', '256', 'above-255'],
    ['NATPLAN_INTERVAL', '0', 'not-a-number'],
    ['NATPLAN_INTERVAL', '4000', 'above-3600'],
    ['NATPLAN_MAX_ROUTES', '20000', 'above-16384'],
    ['NATPLAN_MODE', 'delete', 'unknown'],
    ['NATPLAN_PRIVATE_NETWORK', '0.0.0.0/0', 'default-route'],
    ['NATPLAN_PRIVATE_NETWORK', '10.0.0.0', 'not-a-prefix'],
    ['NATPLAN_PRIVATE_NETWORK', '10.0.0.1/8', 'host-bits'],
    ['NATPLAN_GATEWAY', '10.1.2.1/24', 'not-a-prefix'],
    ['NATPLAN_GATEWAY', '10.1.2.1 dev eth0', 'not-a-prefix'],
    ['NATPLAN_ALLOWED', '172.16.0.0/12 192.168.1.0/16', 'host-bits'],
    ['NATPLAN_ALLOWED', ' ', 'not-a-prefix'],
    ['NATPLAN_PROTECTED', '172.21.0.0/16 172.30.0.0', 'not-a-prefix'],
    ['NATPLAN_PROTECTED', '172.21.0.0/16,172.30.0.0/16', 'not-a-prefix'],
  ])('refuses to work with a wrong setting: %s=%s', (name, value, reason) => {
    const node = fresh()
    node.list(listed)
    node.set({ [name]: value })
    const { status, stderr } = node.agent('once')
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining(`reason=${reason}`) })
    expect(stderr).toContain(`setting=${name}`)
    expect(node.own().size).toBe(0)
  })

  it('refuses an unknown command and a state folder that it cannot write', () => {
    const node = fresh()
    expect(node.agent('flush')).toMatchObject({ status: 2, stderr: expect.stringContaining('command=unknown') })
    node.list(listed)
    node.set({ NATPLAN_STATE_DIR: '/usr/state' })
    expect(node.agent('once')).toMatchObject({ status: 2, stderr: expect.stringContaining('NATPLAN_STATE_DIR') })
  })
})
