// The same question to a library for JavaScript: node peer.mjs cidr-tools LEFT RIGHT. None finds what collides between two lists, so
// each parses, and its intervals then go through the same sort and sweep.
import { readFileSync } from 'node:fs'

const libraries = {
  'cidr-tools': async () => {
    const { parseCidr } = await import('cidr-tools')
    return (text) => parseCidr(text)
  },
  'fast-cidr-tools': async () => {
    const { parse } = await import('fast-cidr-tools')
    return (text) => {
      const [start, end] = parse(text)
      return { start, end }
    }
  },
}

const [name, ...files] = process.argv.slice(2)
const parse = await libraries[name]()
const texts = files.map((file) => readFileSync(file, 'utf8'))
const start = performance.now()
const counts = [0, 0]
const intervals = texts.flatMap((text, side) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { start, end } = parse(line)
      return { start, end, side, inner: 0, around: 0 }
    }),
)
intervals.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.end > b.end ? -1 : a.end < b.end ? 1 : 0))
const open = []

function close() {
  const { side, inner, around } = open.pop()
  if ((inner | around) & ~(1 << side)) counts[side]++
  const outer = open.at(-1)
  if (outer) outer.inner |= inner | (1 << side)
}

for (const interval of intervals) {
  while (open.length > 0 && open.at(-1).end < interval.start) close()
  const outer = open.at(-1)
  interval.around = outer ? outer.around | (1 << outer.side) : 0
  open.push(interval)
}
while (open.length > 0) close()
console.log(counts[0], counts[1], (performance.now() - start).toFixed(1))
