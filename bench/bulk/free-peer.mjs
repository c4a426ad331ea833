// Free blocks with cidr-tools: what is left of the pools, carved into blocks of a length: node free-peer.mjs USED LENGTH COUNT.
import { readFileSync } from 'node:fs'
import { excludeCidr, parseCidr } from 'cidr-tools'

const [file, length, count] = process.argv.slice(2)
const start = performance.now()
const text = readFileSync(file, 'utf8')
const size = 2n ** BigInt(32 - Number(length))
const blocks = []
for (const net of excludeCidr(['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'], text.trimEnd().split('\n'))) {
  const { start, end } = parseCidr(net)
  for (let at = start; at + size - 1n <= end && blocks.length < Number(count); at += size) blocks.push(at)
}
const last = [24n, 16n, 8n, 0n].map((shift) => (blocks.at(-1) >> shift) & 255n).join('.')
console.log(blocks.length, `${last}/${length}`, (performance.now() - start).toFixed(1))
