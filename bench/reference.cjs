// A fixed amount of what natplan's commands do, which the short run measures them against: start, make objects, find them by their text, sort them.
let state = 1
const next = () => {
  state = (state * 48_271) % 2_147_483_647
  return state
}
let found = 0
for (let round = 0; round < 12; round++) {
  const things = Array.from({ length: 10_000 }, () => ({
    bits: next(),
    name: `10.${next() & 255}.${next() & 255}.0/24`,
  }))
  const byName = new Map(things.map((thing) => [thing.name, thing]))
  const sorted = things.toSorted((a, b) => a.bits - b.bits)
  found += sorted.filter(({ name, bits }) => byName.get(name)?.bits === bits).length
}
if (found < 100_000) throw new Error(`${found} found`)
