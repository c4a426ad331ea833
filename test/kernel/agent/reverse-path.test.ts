import { afterAll, beforeAll, expect, it } from 'vitest'
import { Namespace } from '../../support/namespaces.ts'
import { requireKernel } from '../../support/require.ts'
import { NodeUnderTest } from './node-under-test.ts'
import { needed, type Toolbox, toolboxes } from './toolboxes.ts'

/** A worker between the internet and a private gateway with an on-premise server behind it. */
class Site {
  readonly node: NodeUnderTest
  readonly gateway: Namespace
  readonly internet: Namespace
  readonly server: Namespace

  private constructor(node: NodeUnderTest, [gateway, internet, server]: readonly [Namespace, Namespace, Namespace]) {
    this.node = node
    this.gateway = gateway
    this.internet = internet
    this.server = server
  }

  static async create(node: NodeUnderTest): Promise<Site> {
    const site = new Site(node, [await Namespace.create(), await Namespace.create(), await Namespace.create()])
    const { gateway, internet, server } = site
    node.namespace.connect({ here: 'eth0', peer: internet, there: 'eth0' })
    node.namespace.connect({ here: 'eth1', peer: gateway, there: 'eth0' })
    gateway.connect({ here: 'eth1', peer: server, there: 'eth0' })
    node.namespace.script(node.addressing)
    internet.script('ip addr add 203.0.113.1/24 dev eth0')
    gateway.script(`
      ip addr add 10.1.2.1/24 dev eth0; ip addr add 192.168.1.1/24 dev eth1
      echo 1 >/proc/sys/net/ipv4/ip_forward`)
    server.script('ip addr add 192.168.1.77/24 dev eth0; ip route add default via 192.168.1.1')
    return site
  }

  filter(value: number): void {
    this.node.namespace.script(`
      cd /proc/sys/net/ipv4/conf
      for name in all default eth0 eth1; do echo ${value} >$name/rp_filter; done`)
  }

  /** The answers to one ping, and what the kernel of the node counted meanwhile. */
  ping(from: Namespace, to: string): { answers: boolean; dropped: number; received: number } {
    const before = this.#counters()
    const { status } = from.attempt('busybox', 'ping', '-c', '1', '-W', '1', to)
    const after = this.#counters()
    return {
      answers: status === 0,
      dropped: after.dropped - before.dropped,
      received: after.received - before.received,
    }
  }

  #counters(): { dropped: number; received: number } {
    const [names = [], values = []] = this.#rows('/proc/net/netstat', 'TcpExt:')
    const [icmpNames = [], icmpValues = []] = this.#rows('/proc/net/snmp', 'Icmp:')
    return {
      dropped: Number(values[names.indexOf('IPReversePathFilter')]),
      received: Number(icmpValues[icmpNames.indexOf('InEchos')]),
    }
  }

  #rows(file: string, name: string): string[][] {
    const text = this.node.namespace.run('cat', file)
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${name} `))
      .map((line) => line.split(' '))
  }

  async remove(): Promise<void> {
    await this.node.remove()
    await Promise.all([this.gateway.remove(), this.internet.remove(), this.server.remove()])
  }
}

function onSites(name: string, boxes: readonly Toolbox[], tests: (site: () => Site) => void): void {
  for (const toolbox of boxes) {
    requireKernel(...needed)(`${name}: ${toolbox.name}`, () => {
      let site: Site
      beforeAll(async () => {
        site = await Site.create(await NodeUnderTest.bare(toolbox))
      })
      afterAll(() => site.remove())
      tests(() => site)
    })
  }
}

onSites('without the agent a request from on-premise fails', toolboxes.slice(0, 1), (shared) => {
  it.each([
    ['off: the answer takes the default route', 0, { dropped: 0, received: 1 }],
    ['strict: the request is dropped on arrival', 1, { dropped: 1, received: 0 }],
    ['loose: the answer takes the default route', 2, { dropped: 0, received: 1 }],
  ])('reverse-path filter %s', (_, value, counted) => {
    const site = shared()
    site.filter(value)
    expect(site.ping(site.server, '10.1.2.5')).toEqual({ answers: false, ...counted })
  })
})

onSites('with the agent a request from on-premise is answered', toolboxes, (shared) => {
  it.each([
    ['off', 0],
    ['strict', 1],
    ['loose', 2],
  ])('reverse-path filter %s', (_, value) => {
    const site = shared()
    site.filter(value)
    site.node.list(['192.168.1.0/24'])
    site.node.converge()
    expect(site.ping(site.server, '10.1.2.5')).toEqual({ answers: true, dropped: 0, received: 1 })
    expect(site.ping(site.node.namespace, '192.168.1.77').answers).toBe(true)
    site.node.list([])
    site.node.converge()
  })
})
