import { afterAll, beforeAll, expect, it } from 'vitest'
import { namedCommands } from '../../kubernetes/documented-commands.ts'
import { printed, readAll } from '../../kubernetes/examples.ts'
import { Namespace } from '../../support/namespaces.ts'
import { requireKernel } from '../../support/require.ts'
import { bothTools, needed, type Toolbox } from '../agent/toolboxes.ts'
import { PodUnderTest } from './pod-under-test.ts'

/** The acceptance example's worker between the internet and the private gateway, with the server as the gateway shows it. */
class Cloud {
  readonly pod: PodUnderTest
  readonly server: Namespace
  readonly #others: readonly Namespace[]

  private constructor(pod: PodUnderTest, server: Namespace, others: readonly Namespace[]) {
    this.pod = pod
    this.server = server
    this.#others = others
  }

  static async create(toolbox: Toolbox, ...options: readonly string[]): Promise<Cloud> {
    const objects = readAll(printed('acceptance', ...options))
    const pod = await PodUnderTest.create(objects, 'add-static-route', toolbox)
    const [gateway, internet, server] = [await Namespace.create(), await Namespace.create(), await Namespace.create()]
    pod.namespace.connect({ here: 'eth0', peer: internet, there: 'eth0' })
    pod.namespace.connect({ here: 'eth1', peer: gateway, there: 'eth0' })
    gateway.connect({ here: 'eth1', peer: server, there: 'eth0' })
    for (const line of ['addr add 203.0.113.5/24 dev eth0', 'addr add 10.0.1.5/27 dev eth1']) {
      pod.namespace.run('ip', ...line.split(' '))
    }
    for (const line of ['default via 203.0.113.1', '10.0.0.0/8 via 10.0.1.1']) {
      pod.namespace.run('ip', 'route', 'add', ...line.split(' '))
    }
    internet.script('ip addr add 203.0.113.1/24 dev eth0')
    gateway.script(`
      ip addr add 10.0.1.1/27 dev eth0; ip addr add 192.168.1.1/24 dev eth1
      echo 1 >/proc/sys/net/ipv4/ip_forward`)
    server.script('ip addr add 192.168.1.77/24 dev eth0; ip route add default via 192.168.1.1')
    return new Cloud(pod, server, [gateway, internet, server])
  }

  filter(value: number): void {
    for (const name of ['all', 'default', 'eth0', 'eth1']) {
      this.pod.namespace.run('sh', '-c', `echo ${value} >/proc/sys/net/ipv4/conf/${name}/rp_filter`)
    }
  }

  /** Reports whether a request from on-premise is answered. */
  answers(): boolean {
    return this.server.attempt('busybox', 'ping', '-c', '1', '-W', '1', '10.0.1.5').status === 0
  }

  async remove(): Promise<void> {
    await Promise.all([this.pod.remove(), ...this.#others.map((other) => other.remove())])
  }
}

for (const toolbox of bothTools) {
  requireKernel(...needed)(`the printed manifests on a node: ${toolbox.name}`, () => {
    let cloud: Cloud
    beforeAll(async () => {
      cloud = await Cloud.create(toolbox)
    })
    afterAll(() => cloud.remove())

    it.each([
      ['off', 0],
      ['strict', 1],
      ['loose', 2],
    ])('a request from on-premise fails without the pod and is answered with it: filter %s', async (_, value) => {
      const { pod } = cloud
      const list = pod.maps.get('routes')
      cloud.filter(value)
      expect(cloud.answers()).toBe(false)
      const loop = await pod.start()
      expect([pod.probe('readinessProbe').status, pod.probe('livenessProbe').status]).toEqual([0, 0])
      expect(pod.routes()).toEqual(['192.168.1.0/24 10.0.1.1'])
      expect(cloud.answers()).toBe(true)
      list?.write({ routes: '[]\n' })
      await loop.look()
      expect(pod.routes()).toEqual([])
      expect(cloud.answers()).toBe(false)
      list?.write({ routes: '["192.168.1.0/24"]\n' })
      await loop.look()
      expect(cloud.answers()).toBe(true)
      expect(await loop.end('SIGTERM')).toBeLessThan(1000)
      expect(cloud.answers()).toBe(true)
      pod.namespace.run('ip', 'route', 'del', '192.168.1.0/24')
    })

    it('stands beside the routes of a hand-made loop, and takes over when they go', async () => {
      const { pod } = cloud
      pod.namespace.run('ip', 'route', 'add', '192.168.1.0/24', 'via', '10.0.1.1')
      const loop = await pod.start()
      expect(pod.probe('readinessProbe').status).toBe(0)
      const removal = ['ip', 'route', 'del', '192.168.1.0/24', 'via', '10.0.1.1', 'proto', '3']
      expect(pod.execute(...removal).status).toBe(0)
      expect(cloud.answers()).toBe(true)
      expect(pod.execute(...removal).status).not.toBe(0)
      expect(pod.routes()).toEqual(['192.168.1.0/24 10.0.1.1'])
      await loop.end('SIGTERM')
    })

    it('answers the command of the agent’s page', async () => {
      const { pod } = cloud
      const loop = await pod.start()
      const [command = ''] = namedCommands('kubernetes-agent.md').filter((one) => one.includes(' exec '))
      const [shell, ...script] = command.split(' -- ')[1]?.split(' ') ?? []
      expect([shell, script.at(-1)]).toEqual(['sh', 'once'])
      expect(pod.execute('/bin/sh', ...script)).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringContaining('event=ready'),
      })
      await loop.end('SIGTERM')
    })

    it('keeps the routes when the list names what the plan protects, and takes what else is new', async () => {
      const { pod } = cloud
      const loop = await pod.start()
      pod.maps.get('routes')?.write({
        routes: '["192.168.1.0/24", "172.30.5.0/24", "8.8.8.8/32", "203.0.113.10/32", "192.168.7.0/24"]\n',
      })
      const log = await loop.look()
      expect(log.join('\n')).toContain('route=172.30.5.0/24 reason=protected with=172.30.0.0/16')
      expect(log.join('\n')).toContain('route=8.8.8.8/32 reason=not-allowed')
      expect(log.join('\n')).toContain('route=203.0.113.10/32 reason=protected')
      expect(pod.probe('readinessProbe').status).toBe(1)
      expect(pod.probe('livenessProbe').status).toBe(0)
      expect(pod.routes()).toEqual(['192.168.1.0/24 10.0.1.1', '192.168.7.0/24 10.0.1.1'])
      await loop.end('SIGTERM')
    })
  })

  requireKernel(...needed)(`the manifests of --remove: ${toolbox.name}`, () => {
    it('take the routes off the node and are ready then', async () => {
      const cloud = await Cloud.create(toolbox, '--remove')
      const { pod } = cloud
      try {
        const ours = '192.168.1.0/24 via 10.0.1.1 proto 176 metric 17600'
        const anothers = '192.168.9.0/24 via 10.0.1.1 metric 50'
        for (const route of [ours, anothers]) pod.namespace.run('ip', 'route', 'add', ...route.split(' '))
        await pod.start()
        expect(pod.routes()).toEqual([])
        expect(pod.routes(50)).toEqual(['192.168.9.0/24 10.0.1.1'])
        expect(pod.probe('readinessProbe').status).toBe(0)
      } finally {
        await cloud.remove()
      }
    })
  })

  requireKernel(...needed)(`node pools: ${toolbox.name}`, () => {
    it.each([
      ['east', '10.0.1.5/25', ['10.0.0.0/8 via 10.0.1.1'], ['192.168.1.0/24 10.0.1.1', '192.168.2.0/24 10.0.1.1']],
      ['west', '10.0.2.5/25', [], ['10.50.0.0/16 10.0.2.1', '192.168.1.0/24 10.0.2.1', '192.168.2.0/24 10.0.2.1']],
    ])('%s has routes through its own gateway', async (pool, address, routes, expected) => {
      const objects = readAll(printed('node-pools'))
      const pod = await PodUnderTest.create(objects, `add-static-route-${pool}`, toolbox)
      try {
        const lines = ['link add eth1 type veth peer name peer1', 'link set peer1 up', `addr add ${address} dev eth1`]
        for (const line of [...lines, 'link set eth1 up', ...routes.map((route) => `route add ${route}`)]) {
          pod.namespace.run('ip', ...line.split(' '))
        }
        await pod.start()
        expect(pod.routes()).toEqual(expected)
        expect(pod.probe('readinessProbe').status).toBe(0)
      } finally {
        await pod.remove()
      }
    })
  })
}
