import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { AgentLoop, NodeUnderTest } from './node-under-test.ts'
import { onNodes } from './suites.ts'
import { bothTools } from './toolboxes.ts'

const routes = ['172.16.1.0/24', '172.16.2.0/24', '172.16.3.0/24']

/** So many looks may follow one with a plan before there is another. */
const probes = 19

function plannedAt(node: NodeUnderTest): number {
  return statSync(join(node.stateFolder, 'plan')).mtimeMs
}

/** Looks once; reports whether that took a plan. */
async function plans(node: NodeUnderTest, loop: AgentLoop): Promise<boolean> {
  const before = plannedAt(node)
  await loop.look()
  return plannedAt(node) > before
}

/** An agent whose routes are in the kernel and whose last plan was nothing to do. */
async function atRest(node: NodeUnderTest): Promise<AgentLoop> {
  node.list(routes)
  const loop = await node.start()
  expect(await plans(node, loop)).toBe(false)
  return loop
}

onNodes('an agent at rest', bothTools, (fresh) => {
  it('plans nothing, asks the kernel about one route after the other, and looks over everything now and then', async () => {
    const node = fresh()
    const loop = await atRest(node)
    const asked = new Set<string>()
    for (let look = 1; look < probes; look += 1) {
      expect(await plans(node, loop)).toBe(false)
      asked.add(readFileSync(join(node.stateFolder, 'answer'), 'utf8').split(' ')[0] ?? '')
    }
    expect([...asked].sort()).toEqual(['172.16.1.1', '172.16.2.1', '172.16.3.1'])
    expect(await plans(node, loop)).toBe(true)
    expect(await plans(node, loop)).toBe(false)
  })

  it('looks over everything now and then with an empty list, too', async () => {
    const node = fresh()
    node.list([])
    const loop = await node.start()
    for (let look = 1; look <= probes; look += 1) expect(await plans(node, loop)).toBe(false)
    expect(await plans(node, loop)).toBe(true)
  })

  it('does what is to do in the first look after something has changed', async () => {
    const node = fresh()
    const loop = await atRest(node)
    node.ip('route del 172.16.1.0/24 metric 17600')
    expect(await loop.look()).toEqual([expect.stringContaining('event=added route=172.16.1.0/24')])
    expect(await plans(node, loop)).toBe(false)
    node.list(routes.slice(1))
    expect(await loop.look()).toEqual([expect.stringContaining('event=removed route=172.16.1.0/24')])
    expect(await plans(node, loop)).toBe(false)
    node.ip('addr add 172.16.2.9/32 dev eth1')
    expect((await loop.look()).join('\n')).toContain('problem=overlaps-node')
    expect(loop.verdict).toBe('not-ready')
  })

  it('does not rest while something is wrong', async () => {
    const node = fresh()
    const loop = await atRest(node)
    node.ip('addr add 172.16.2.9/32 dev eth1')
    for (let look = 0; look < 3; look += 1) {
      expect(await plans(node, loop)).toBe(true)
      expect(loop.verdict).toBe('not-ready')
    }
  })

  it('changes nothing and is not ready when its folder is full', async () => {
    const node = fresh()
    const loop = await atRest(node)
    node.namespace.script(`mount -o remount,size=64k ${node.inside('state')}`)
    const others = Array.from(
      { length: 1500 },
      (_, at) => `route add 192.168.${at >> 6}.${(at & 63) * 4}/30 via 10.1.2.9`,
    )
    node.namespace.script(`ip -batch - <<'END'\n${others.join('\n')}\nEND`)
    const before = node.table()
    await loop.look()
    expect(loop.verdict).toBe('not-ready')
    expect(node.table()).toEqual(before)
    node.namespace.script(`mount -o remount,size=8m ${node.inside('state')}`)
    await loop.look()
    expect(loop.verdict).toBe('ready')
  })

  it('sees a rule that takes the packets of a route, when it asks about that one', async () => {
    const node = fresh()
    const loop = await atRest(node)
    node.ip('rule add to 172.16.2.0/24 blackhole pref 100')
    const logged: string[] = []
    for (const _ of routes) logged.push(...(await loop.look()))
    expect(logged.join('\n')).toContain('problem=ineffective route=172.16.2.0/24')
  })

  it('is not woken by the time that a lease has left', async () => {
    const node = fresh()
    node.ip('addr add 10.1.2.77/24 dev eth1 valid_lft 3600 preferred_lft 3600')
    const loop = await atRest(node)
    await sleep(1100)
    expect(await plans(node, loop)).toBe(false)
    node.ip('addr del 10.1.2.77/24 dev eth1')
    expect(await plans(node, loop)).toBe(true)
  })

  it('plans in each look where the image has no sha256sum', async () => {
    const node = fresh()
    node.discard('sha256sum')
    node.list(routes)
    const loop = await node.start()
    for (let look = 0; look < 4; look += 1) expect(await plans(node, loop)).toBe(true)
    expect(loop.verdict).toBe('ready')
  })
})
