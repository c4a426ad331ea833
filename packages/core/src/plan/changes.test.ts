import { describe, expect, it } from 'vitest'
import type { Lock } from '../allocation/lock.ts'
import { readLock } from '../allocation/read-lock.ts'
import { normalize } from '../network/normalize.ts'
import { type Change, changesBetween, touchedBy } from './changes.ts'

function lockOf(sites: object): Lock {
  const { value, findings } = readLock({ version: 1, sites })
  if (!value) throw new Error(findings.map(({ message }) => message).join('\n'))
  return value
}

/** The changes of the one subnet 10.0.0.0/24 of a. */
function changesOf(before: object | undefined, after: object | undefined): string[] {
  const withEntry = (entry: object | undefined) => lockOf(entry ? { a: { '10.0.0.0/24': entry } } : {})
  return changesBetween(withEntry(before), withEntry(after)).map(describeChange)
}

function describeChange({ kind, site, real, before, after, peers, came, left }: Change): string {
  const turns = [...came.map((peer) => `, ${peer} came`), ...left.map((peer) => `, ${peer} left`)].join('')
  return `${kind} ${site} ${real}, ${before} → ${after}, seen by ${peers === 'all' ? 'all' : peers.join(',')}${turns}`
}

const [t, u] = ['192.168.1.0/24', '192.168.2.0/24']

describe('changesBetween', () => {
  it.each<[object | undefined, object | undefined, string | undefined, string]>([
    [undefined, { realFor: ['c', 'b'] }, `add a 10.0.0.0/24, undefined → undefined, seen by b,c`, 'new'],
    [
      undefined,
      { translated: t, translatedFor: 'all' },
      `add a 10.0.0.0/24, undefined → ${t}, seen by all`,
      'new for all',
    ],
    [undefined, {}, 'add a 10.0.0.0/24, undefined → undefined, seen by ', 'new, without peers'],
    [
      { translated: t, translatedFor: ['c'], realFor: ['b'] },
      undefined,
      `remove a 10.0.0.0/24, ${t} → undefined, seen by b,c`,
      'gone',
    ],
    [{ realFor: 'all' }, undefined, 'remove a 10.0.0.0/24, undefined → undefined, seen by all', 'gone for all'],
    [
      { translated: t, translatedFor: ['b'], realFor: ['c'] },
      { translated: t, translatedFor: ['b'], realFor: ['c'] },
      undefined,
      'the same',
    ],
    [{ realFor: 'all' }, { realFor: 'all' }, undefined, 'the same for all'],
    [
      { realFor: ['b', 'c'] },
      { translated: t, translatedFor: ['b'], realFor: ['c'] },
      `translate a 10.0.0.0/24, undefined → ${t}, seen by b`,
      'translated for one of two peers: the other sees nothing of it',
    ],
    [
      { translated: t, translatedFor: ['b'], realFor: ['c'] },
      { realFor: ['b', 'c'] },
      `untranslate a 10.0.0.0/24, ${t} → undefined, seen by b`,
      'back',
    ],
    [
      { translated: t, translatedFor: ['b'], realFor: ['c'] },
      { translated: u, translatedFor: ['b'], realFor: ['c'] },
      `renumber a 10.0.0.0/24, ${t} → ${u}, seen by b`,
      'another prefix',
    ],
    [
      { translated: t, translatedFor: 'all' },
      { translated: u, translatedFor: 'all' },
      `renumber a 10.0.0.0/24, ${t} → ${u}, seen by all`,
      'another prefix for all',
    ],
    [
      { realFor: ['b'] },
      { realFor: ['b', 'c'] },
      'retunnel a 10.0.0.0/24, undefined → undefined, seen by c, c came',
      'a new peer',
    ],
    [
      { realFor: ['b', 'c'] },
      { realFor: ['b'] },
      'retunnel a 10.0.0.0/24, undefined → undefined, seen by c, c left',
      'a peer less',
    ],
    [
      { translated: t, translatedFor: ['b'], realFor: ['c'] },
      { translated: t, translatedFor: ['b', 'c'] },
      `retunnel a 10.0.0.0/24, ${t} → ${t}, seen by c`,
      'translated for one more',
    ],
    [
      { translated: t, translatedFor: ['b'], realFor: 'all' },
      { translated: t, translatedFor: ['b', 'c'], realFor: 'all' },
      `retunnel a 10.0.0.0/24, ${t} → ${t}, seen by c`,
      'the same among all',
    ],
    [
      { translated: t, translatedFor: ['b'], realFor: 'all' },
      { translated: t, translatedFor: 'all' },
      `retunnel a 10.0.0.0/24, ${t} → ${t}, seen by all`,
      'translated for all but one more',
    ],
    [
      { realFor: 'all' },
      { translated: t, translatedFor: ['b'], realFor: 'all' },
      `translate a 10.0.0.0/24, undefined → ${t}, seen by b`,
      'translated for one of all',
    ],
    [
      { realFor: 'all' },
      { realFor: ['b'] },
      'retunnel a 10.0.0.0/24, undefined → undefined, seen by all',
      'tunnels listed where there were none: who is out is not known here',
    ],
    [
      { translated: t },
      { translated: t, translatedFor: ['b'] },
      `retunnel a 10.0.0.0/24, ${t} → ${t}, seen by b, b came`,
      'a tunnel again',
    ],
  ])('from %j to %j: %s (%s)', (before, after, expected) => {
    expect(changesOf(before, after)).toEqual(expected === undefined ? [] : [expected])
  })

  it('sorts by site, then address, removals among the others', () => {
    const entry = { realFor: ['b'] }
    const before = lockOf({ b: { '10.0.0.0/24': entry }, a: { '10.0.9.0/24': entry } })
    const after = lockOf({ c: { '10.0.0.0/24': entry }, a: { '10.0.10.0/24': entry } })
    expect(changesBetween(before, after).map(({ kind, site, real }) => `${kind} ${site} ${real}`)).toEqual([
      'remove a 10.0.9.0/24',
      'add a 10.0.10.0/24',
      'remove b 10.0.0.0/24',
      'add c 10.0.0.0/24',
    ])
  })
})

describe('touchedBy', () => {
  const { value: network } = normalize({
    version: 1,
    sites: {
      a: { subnets: [], kubernetes: {} },
      b: { subnets: [], kubernetes: {} },
      c: { subnets: [] },
      d: { subnets: [], kubernetes: {} },
    },
  })

  /** Each change as a site and the peers that see it. */
  function touched(...changes: [site: string, peers: 'all' | string[]][]) {
    if (!network) throw new Error('the network is wrong')
    const before = lockOf({})
    const after = changes.map(([site, peers], index) => ({ [site]: { [`10.0.${index}.0/24`]: { realFor: peers } } }))
    const all = after.flatMap((sites) => changesBetween(before, lockOf(sites)))
    const { gateways, nodes } = touchedBy(all, network)
    return [gateways.join(), nodes.join()]
  }

  it.each<[[string, 'all' | string[]][], string, string, string]>([
    [[], '', '', 'no change'],
    [[['a', []]], 'a', '', 'nobody sees it: the own gateway alone'],
    [[['a', ['c', 'b']]], 'a,b,c', 'b', 'nodes of peers with Kubernetes; the own nodes see nothing new'],
    [[['a', 'all']], 'a,b,c,d', 'b,d', 'all others'],
    [
      [
        ['a', 'all'],
        ['a', 'all'],
      ],
      'a,b,c,d',
      'b,d',
      'two changes of one site are still nothing new to its own nodes',
    ],
    [
      [
        ['a', 'all'],
        ['b', 'all'],
      ],
      'a,b,c,d',
      'a,b,d',
      'two sites see each other',
    ],
    [
      [
        ['a', 'all'],
        ['b', ['a']],
      ],
      'a,b,c,d',
      'a,b,d',
      'one for all and one for some',
    ],
    [[['gone', ['a']]], 'a,gone', 'a', 'a site that left: its gateway remains to be changed'],
    [
      [
        ['a', 'all'],
        ['gone', ['b']],
      ],
      'a,b,c,d,gone',
      'b,d',
      'the same beside a change for all',
    ],
    [[['a', ['gone']]], 'a,gone', '', 'a peer that left'],
  ])('%j touches the gateways %j and the nodes of %j: %s', (changes, gateways, nodes) => {
    expect(touched(...changes)).toEqual([gateways, nodes])
  })
})
