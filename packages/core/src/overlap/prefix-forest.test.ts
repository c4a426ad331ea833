import { describe, expect, it } from 'vitest'
import { Prefix } from '../address/prefix.ts'
import { PrefixForest } from './prefix-forest.ts'

function forestOf(...texts: string[]): PrefixForest<string> {
  return new PrefixForest(texts, Prefix.parse)
}

function nodeOf(forest: PrefixForest<string>, text: string) {
  const node = forest.nodes.find(({ prefix }) => String(prefix) === text)
  if (!node) throw new Error(`${text} is not in the forest`)
  return node
}

const nested = ['10.0.0.0/8', '10.0.0.0/24', '10.0.0.0/25', '10.0.0.128/25', '10.0.1.0/24', '11.0.0.0/8', 'fd00::/8']

describe('PrefixForest', () => {
  it('sorts nodes so that each stands before those inside it, whatever the order given', () => {
    const order = [4, 6, 0, 2, 5, 3, 1].map((index) => nested[index] ?? '')
    expect(forestOf(...order).nodes.map(({ prefix }) => String(prefix))).toEqual(nested)
    expect(forestOf(...order).nodes.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6])
  })

  it.each([
    ['10.0.0.0/8', [], ['10.0.0.0/24', '10.0.0.0/25', '10.0.0.128/25', '10.0.1.0/24'], 'a root with two levels'],
    ['10.0.0.0/24', ['10.0.0.0/8'], ['10.0.0.0/25', '10.0.0.128/25'], 'in the middle'],
    ['10.0.0.128/25', ['10.0.0.0/24', '10.0.0.0/8'], [], 'a leaf, nearest first'],
    ['10.0.1.0/24', ['10.0.0.0/8'], [], 'behind a closed branch'],
    ['11.0.0.0/8', [], [], 'another root'],
    ['fd00::/8', [], [], 'the other family'],
  ])('around %s finds %j, within %j: %s', (text, around, within) => {
    const forest = forestOf(...nested)
    const node = nodeOf(forest, text)
    expect([...forest.around(node)].map(({ prefix }) => String(prefix))).toEqual(around)
    expect(forest.within(node).map(({ prefix }) => String(prefix))).toEqual(within)
  })

  it('files values of equal prefixes under one node, in the order given', () => {
    const values = [
      { name: 'first', prefix: Prefix.parse('10.0.0.0/24') },
      { name: 'other', prefix: Prefix.parse('10.0.1.0/24') },
      { name: 'second', prefix: Prefix.parse('10.0.0.0/24') },
    ]
    const forest = new PrefixForest(values, ({ prefix }) => prefix)
    expect(forest.nodes.map((node) => node.values.map(({ name }) => name))).toEqual([['first', 'second'], ['other']])
  })

  it('lists everything that overlaps: its own values, then those around, then those within', () => {
    const forest = forestOf('10.0.0.0/8', '10.0.0.0/24', '10.0.0.0/24', '10.0.0.0/25', '10.0.1.0/24')
    expect([...forest.overlapping(nodeOf(forest, '10.0.0.0/24'))]).toEqual([
      '10.0.0.0/24',
      '10.0.0.0/24',
      '10.0.0.0/8',
      '10.0.0.0/25',
    ])
  })

  it('may be empty', () => {
    expect(forestOf().nodes).toEqual([])
  })
})
