import { expect, it } from 'vitest'
import type { NodeUnderTest } from './node-under-test.ts'
import { onNodes } from './suites.ts'
import { bothTools } from './toolboxes.ts'

const listed = ['192.168.1.0/24']

/** Runs a look on a node that was changed by these shell lines and returns its problems. */
function problems(node: NodeUnderTest, lines: string): string[] {
  node.namespace.script(lines)
  node.list(listed)
  return [...node.agent('once').stdout.matchAll(/event=problem problem=(.*)/g)].map((match) => match[1] ?? '')
}

onNodes('gateway', bothTools, (fresh, toolbox) => {
  it('is the given one, whatever the route of the private network says', () => {
    const node = fresh()
    node.set({ NATPLAN_GATEWAY: '10.1.2.9' })
    node.list(listed)
    node.converge()
    node.ip('route del 10.0.0.0/8')
    node.converge()
    expect(node.own().get('192.168.1.0/24')).toBe('10.1.2.9')
  })

  it.each([
    ['10.7.7.7', 'gateway-not-on-link gateway=10.7.7.7'],
    ['10.1.2.5', 'gateway-is-this-node gateway=10.1.2.5'],
    ['203.0.113.1', 'gateway-is-public-default gateway=203.0.113.1'],
  ])('is refused when it cannot be one: %s', (gateway, problem) => {
    const node = fresh()
    node.set({ NATPLAN_GATEWAY: gateway })
    expect(problems(node, ':')).toEqual([problem])
    expect(node.own().size).toBe(0)
  })

  it('may be the gateway of the default route when that is a private address', () => {
    const node = fresh()
    expect(problems(node, 'ip route replace default via 10.1.2.1')).toEqual([])
  })

  it('is that of the preferred one of two routes, and none when two are equal', () => {
    const node = fresh()
    expect(problems(node, 'ip route add 10.0.0.0/8 via 10.1.2.9 metric 50')).toEqual([])
    expect(node.own().get('192.168.1.0/24')).toBe('10.1.2.1')
    expect(problems(node, 'ip route append 10.0.0.0/8 via 10.1.2.9')).toEqual([
      'private-route-not-single route=10.0.0.0/8',
    ])
    expect(problems(node, 'ip route del 10.0.0.0/8 via 10.1.2.1')).toEqual([])
    expect(node.own().get('192.168.1.0/24')).toBe('10.1.2.9')
  })

  it('is not that of another table', () => {
    const node = fresh()
    expect(problems(node, 'ip route del 10.0.0.0/8; ip route add 10.0.0.0/8 via 10.1.2.1 table 100')).toEqual([
      'no-private-route route=10.0.0.0/8',
    ])
  })

  it('may be declared on-link, and then ours is so too', () => {
    const node = fresh()
    expect(problems(node, 'ip route replace 10.0.0.0/8 via 169.254.1.1 dev eth1 onlink')).toEqual([])
    expect(node.ip('route show 192.168.1.0/24')).toContain('via 169.254.1.1 dev eth1')
    expect(node.ip('route show 192.168.1.0/24')).toContain('onlink')
  })

  it('is never behind a route to itself', () => {
    const node = fresh()
    expect(problems(node, 'ip route replace 10.0.0.0/8 via 192.168.1.1 dev eth1 onlink')).toEqual([
      'overlaps-node route=192.168.1.0/24 with=192.168.1.1/32',
    ])
    expect(node.own().size).toBe(0)
    expect(problems(node, 'ip route replace 10.0.0.0/8 via 192.168.2.1 dev eth1 onlink')).toEqual([])
  })

  it('may be reached over a route of its own, on a node whose address is a /32', () => {
    const node = fresh()
    const lines = `
      ip addr del 10.1.2.5/24 dev eth1; ip addr add 10.1.2.5/32 dev eth1
      ip route add 10.1.2.1 dev eth1 scope link
      ip route add 10.0.0.0/8 via 10.1.2.1`
    expect(problems(node, lines)).toEqual([])
    node.set({ NATPLAN_GATEWAY: '10.1.2.1' })
    expect(problems(node, 'ip route del 10.0.0.0/8')).toEqual([])
  })

  it('is not reached on an interface that has lost its network, even if another one has it', () => {
    const node = fresh()
    const lines = `
      ip addr add 172.18.0.1/32 dev eth1; ip addr add 10.1.2.6/24 dev eth0; ip addr del 10.1.2.5/24 dev eth1
      ip route show 10.0.0.0/8 | grep eth1`
    expect(problems(node, lines)).toEqual(['gateway-not-on-link gateway=10.1.2.1'])
  })

  it('is not reached by a default route without a gateway', () => {
    const node = fresh()
    node.set({ NATPLAN_GATEWAY: '10.7.7.7' })
    expect(problems(node, 'ip route replace default dev eth0 scope link')).toEqual([
      'gateway-not-on-link gateway=10.7.7.7',
    ])
    node.set({ NATPLAN_GATEWAY: '' })
    expect(problems(node, ':')).toEqual([])
  })

  it('belongs to another private network when that is asked for', () => {
    const node = fresh()
    node.set({ NATPLAN_PRIVATE_NETWORK: '172.16.0.0/12' })
    expect(problems(node, 'ip route add 172.16.0.0/12 via 10.1.2.9')).toEqual([])
    expect(node.own().get('192.168.1.0/24')).toBe('10.1.2.9')
  })

  it('is not needed to remove everything, and while it is missing nothing else is removed', () => {
    const node = fresh()
    node.list(['192.168.1.0/24', '192.168.2.0/24'])
    node.converge()
    expect(problems(node, 'ip route del 10.0.0.0/8')).toEqual(['no-private-route route=10.0.0.0/8'])
    expect(node.own().size).toBe(2)
    node.list([])
    node.converge()
    expect(node.own().size).toBe(0)
  })

  it('is not followed when the kernel refuses it: the old routes stay, and not thousands of attempts are made', () => {
    const node = fresh()
    const many = Array.from({ length: 150 }, (_, i) => `192.168.${i}.0/24`)
    node.list(many)
    node.converge()
    node.namespace.script('ip route replace 10.0.0.0/8 via 10.1.2.9; ip route add unreachable 10.1.2.9/32 scope link')
    const { status, stdout } = node.agent('once')
    expect(status).toBe(1)
    expect(stdout).toContain('problem=failed action=add route=192.168.0.0/24 gateway=10.1.2.9 dev=eth1 error=')
    expect(stdout.match(/problem=failed/g)).toHaveLength(100)
    expect(node.own()).toEqual(new Map(many.map((route) => [route, '10.1.2.1'])))
    node.list(many.slice(0, 50))
    expect(node.agent('once').stdout.match(/event=removed/g)).toHaveLength(100)
    expect(node.own()).toEqual(new Map(many.slice(0, 50).map((route) => [route, '10.1.2.1'])))
    node.ip('route del unreachable 10.1.2.9/32')
    node.converge()
    expect(new Set(node.own().values())).toEqual(new Set(['10.1.2.9']))
  })

  it('does not do behind an interface that is down', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    expect(loop.verdict).toBe('ready')
    node.ip('link set peer1 down')
    const down = 'problem=link-down gateway=10.1.2.1 dev=eth1'
    expect(await loop.look()).toEqual([`level=warn event=problem ${down}`, 'level=warn event=not-ready'])
    expect(node.own().get('192.168.1.0/24')).toBe('10.1.2.1')
    node.list([...listed, '192.168.77.0/24'])
    await loop.look()
    expect(node.own().size).toBe(listed.length + 1)
    expect(loop.verdict).toBe('not-ready')
    node.ip('link set peer1 up')
    expect((await loop.look())[0]).toBe(`level=info event=resolved ${down}`)
    expect(loop.verdict).toBe('ready')
    node.ip('link set peer0 down')
    expect(await loop.look()).toEqual([])
    expect(loop.verdict).toBe('ready')
  })

  it('does not do behind an interface without an address that is down, where ip shows it at the route', async () => {
    const node = fresh()
    node.namespace.script(`
      ip link add eth2 type veth peer name peer2; ip link set eth2 up; ip link set peer2 up
      ip route replace 10.0.0.0/8 via 10.1.9.1 dev eth2 onlink
      ip link set peer2 down`)
    node.list(listed)
    const { status, stdout } = node.agent('once')
    if (toolbox.ip === 'iproute2') expect(stdout).toContain('problem=link-down gateway=10.1.9.1 dev=eth2')
    expect(status).toBe(toolbox.ip === 'iproute2' ? 1 : 0)
  })

  it('comes back with the interface, and the routes with it', async () => {
    const node = fresh()
    node.list(listed)
    const loop = await node.start()
    node.ip('link set eth1 down')
    expect(await loop.look()).toEqual([
      'level=warn event=problem problem=no-private-route route=10.0.0.0/8',
      'level=warn event=not-ready',
    ])
    expect(await loop.look()).toEqual([])
    node.namespace.script('ip link set eth1 up; ip route add 10.0.0.0/8 via 10.1.2.1')
    expect(await loop.look()).toEqual([
      'level=info event=added route=192.168.1.0/24 gateway=10.1.2.1 dev=eth1',
      'level=info event=resolved problem=no-private-route route=10.0.0.0/8',
      'level=info event=ready routes=1 gateway=10.1.2.1 dev=eth1',
    ])
  })
})
