// Parsing and containment of 100,000 IPv4 prefixes and 10,000 IPv6 ones: natplan's own form against ip-num.
import { Prefix } from '@natplan/core'
import { IPv4CidrRange, IPv6CidrRange } from 'ip-num'

const ipv4 = Array.from({ length: 100_000 }, (_, i) => `10.${(i >> 8) & 255}.${i & 255}.0/24`)
const ipv6 = Array.from({ length: 10_000 }, (_, i) => `2001:db8:${i.toString(16)}::/48`)

function milliseconds(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return times.toSorted((a, b) => a - b)[2] ?? Number.NaN
}

function row(name: string, ours: () => void, theirs: () => void): void {
  const [one, other] = [milliseconds(ours), milliseconds(theirs)]
  console.log(
    `${name.padEnd(28)} ${one.toFixed(1).padStart(8)} ms ${other.toFixed(1).padStart(9)} ms ${(other / one).toFixed(0).padStart(5)} x`,
  )
}

const parsed = ipv4.slice(0, 300).map((text) => Prefix.parse(text))
const ranges = ipv4.slice(0, 300).map((text) => IPv4CidrRange.fromCidr(text))

console.log(`medians of 5, Node.js ${process.version}`.padEnd(28), '   Prefix', '     ip-num', ' ratio')
row(
  'parse 100,000 IPv4',
  () => ipv4.forEach((text) => void Prefix.parse(text)),
  () => ipv4.forEach((text) => void IPv4CidrRange.fromCidr(text)),
)
row(
  'parse 10,000 IPv6',
  () => ipv6.forEach((text) => void Prefix.parse(text)),
  () => ipv6.forEach((text) => void IPv6CidrRange.fromCidr(text)),
)
row(
  'contains, 300 x 300 IPv4',
  () => compareAll(parsed, (a, b) => a.contains(b)),
  () => compareAll(ranges, (a, b) => a.contains(b)),
)

function compareAll<T>(items: readonly T[], compare: (one: T, other: T) => boolean): void {
  for (const one of items) for (const other of items) compare(one, other)
}
