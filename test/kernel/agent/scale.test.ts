import { expect, it } from 'vitest'
import { until } from '../../support/namespaces.ts'
import { onNodes } from './suites.ts'
import { bothTools } from './toolboxes.ts'

const count = 2000
const many = Array.from({ length: count }, (_, i) => `172.${16 + (i >> 10)}.${(i >> 2) & 255}.${(i & 3) * 64}/26`)

onNodes(`${count} routes`, bothTools, (fresh) => {
  it('are installed with one process each, and looked over with a handful', async () => {
    const node = fresh()
    node.list([])
    const loop = await node.start()
    const before = loop.processes()
    node.list(many)
    await loop.look()
    expect(loop.verdict).toBe('ready')
    expect(node.own().size).toBe(count)
    const installing = loop.processes() - before
    expect(installing).toBeLessThanOrEqual(count + 20)
    for (let i = 0; i < 3; i += 1) expect(await loop.look()).toEqual([])
    expect((loop.processes() - before - installing) / 3).toBeLessThan(8)
  })
})

onNodes(`${count} routes`, bothTools.slice(0, 1), (fresh) => {
  it('do not keep SIGTERM waiting, and what was begun is finished by the next agent', async () => {
    const node = fresh()
    node.list([])
    const loop = await node.start()
    node.list(many)
    loop.wake()
    await until(
      () => 'the first hundred routes',
      () => node.own().size >= 100,
    )
    expect(await loop.end('SIGTERM')).toBeLessThan(1000)
    const begun = node.own().size
    expect(begun).toBeGreaterThanOrEqual(100)
    expect(begun).toBeLessThan(count)
    await node.start()
    expect(node.own().size).toBe(count)
  })
})
