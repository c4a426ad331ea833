import { expect, it } from 'vitest'
import { onNodes } from './suites.ts'
import { bothTools } from './toolboxes.ts'

// The node has 10.1.2.5/24, and its private gateway is 10.1.2.1.
onNodes('an address of the node’s own network', bothTools, (fresh) => {
  it('is routed to the gateway only where the settings say that no neighbour has it', () => {
    const node = fresh()
    node.list(['10.1.2.250/32'])
    expect(node.agent('once').stdout).toContain('problem=overlaps-node route=10.1.2.250/32 with=10.1.2.0/24')
    expect(node.own().size).toBe(0)

    node.set({ NATPLAN_NEIGHBOURS: '10.1.2.249 10.1.2.250' })
    node.converge()
    expect(node.own()).toEqual(new Map([['10.1.2.250/32', '10.1.2.1']]))
    expect(node.ip('route get 10.1.2.250')).toContain('via 10.1.2.1 ')
    expect(node.ip('route get 10.1.2.251')).not.toContain('via')
    expect(node.converge().join('\n')).not.toMatch(/event=(added|removed)/)

    node.list([])
    node.converge()
    expect(node.own().size).toBe(0)
  })

  it('is held where it is that of the node or its gateway, and in a wider prefix', () => {
    const node = fresh()
    node.set({ NATPLAN_NEIGHBOURS: '10.1.2.5 10.1.2.1 10.1.2.250' })
    for (const route of ['10.1.2.5/32', '10.1.2.1/32', '10.1.2.250/31']) {
      node.list([route])
      expect(node.agent('once').stdout).toContain(`problem=overlaps-node route=${route} `)
      expect(node.own().size).toBe(0)
    }
  })

  it('is one', () => {
    const node = fresh()
    node.list(['192.168.1.0/24'])
    for (const value of ['10.1.2.248/29', 'neighbour', '10.1.2.250,10.1.2.251']) {
      node.set({ NATPLAN_NEIGHBOURS: value })
      expect(node.agent('once').stderr).toContain('setting=NATPLAN_NEIGHBOURS reason=not-a-prefix')
    }
  })
})
