import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findOverlaps, LineReader, Prefix, PrefixTable } from '@natplan/core'
import { expect, it } from 'vitest'
import { program, requirePrograms } from '../support/require.ts'

/**
 * The same question to another implementation: it looks every prefix's enclosing networks up in the other file. Prints for each file how
 * many overlap one of the other, then how many pairs are equal, how often the left one contains the right one, and is inside it.
 */
const script = `
import ipaddress, sys
from collections import Counter

def read(path):
    with open(path) as lines:
        return [ipaddress.ip_network(line.strip()) for line in lines]

def around(network, lengths):
    return [network.supernet(new_prefix=length) for length in lengths if length < network.prefixlen]

def lengths(networks, version):
    return sorted({network.prefixlen for network in networks if network.version == version})

sides = [read(path) for path in sys.argv[1:3]]
counts = [Counter(side) for side in sides]
inside, flagged = [0, 0], [set(), set()]
for side in (0, 1):
    own, other = counts[side], counts[1 - side]
    other_lengths = {version: lengths(other, version) for version in (4, 6)}
    for network, count in own.items():
        if network in other:
            flagged[side].add(network)
        for larger in around(network, other_lengths[network.version]):
            if larger in other:
                flagged[side].add(network)
                flagged[1 - side].add(larger)
                inside[side] += count * other[larger]
equal = sum(count * counts[1][network] for network, count in counts[0].items())
print(*[sum(counts[side][network] for network in flagged[side]) for side in (0, 1)], equal, inside[1], inside[0])
for network in sorted((network for network in counts[0] if network.version == 6)):
    print(network)
`

/** A generator of numbers from 0 to 1, the same every time. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Of both families, close enough together that each meets a few others. */
function randomPrefixes(count: number, seed: number): Prefix[] {
  const random = randomFrom(seed)
  return Array.from({ length: count }, () => {
    if (random() < 0.6)
      return Prefix.fromBits(0x0a000000 + Math.floor(random() * 2 ** 20), 16 + Math.floor(random() * 17))
    const length = 32 + Math.floor(random() * 97)
    const group = () => BigInt(Math.floor(random() * 2 ** 12))
    return Prefix.fromBits((0xfd00n << 112n) | (group() << 88n) | (group() << 60n) | group(), length)
  })
}

function tableOf(lines: string): PrefixTable {
  const table = new PrefixTable()
  const reader = new LineReader(table)
  reader.push(new TextEncoder().encode(lines))
  expect(reader.finish().faultCount).toBe(0)
  return table
}

requirePrograms('python3')('ten thousand random prefixes', () => {
  it("overlap as Python's ipaddress says", () => {
    const folder = mkdtempSync(join(tmpdir(), 'natplan-python-'))
    try {
      const texts = [1, 2].map((seed) => randomPrefixes(5000, seed).join('\n'))
      const files = texts.map((text, side) => {
        const file = join(folder, `${side}.txt`)
        writeFileSync(file, text)
        return file
      })
      const { stdout, stderr } = spawnSync(program('python3'), ['-c', script, ...files], { encoding: 'utf8' })
      expect(stderr).toBe('')
      const [counts, ...sorted] = stdout.trim().split('\n')
      const overlaps = findOverlaps(texts.map(tableOf))
      const [pairs] = overlaps.countPairs()
      expect(pairs).toBeDefined()
      const { equal = 0, contains = 0, inside = 0 } = pairs ?? {}
      expect([...overlaps.flagged, equal, contains, inside].join(' ')).toBe(counts)
      expect(Math.min(equal, contains, inside)).toBeGreaterThan(10)
      const ipv6 = randomPrefixes(5000, 1).filter(({ family }) => family === 6)
      const own = [...new Set(ipv6.sort(Prefix.compare).map(String))]
      expect(own).toEqual(sorted)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
