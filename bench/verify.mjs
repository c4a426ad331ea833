// How verification grows: 100, 300, 1,000 and 10,000 spokes around one hub, two subnets at the hub, all spokes with the same /24.
// Whole process, result to a pipe: `natplan verify` on the plan, and on what `natplan generate` wrote. Medians of the rounds; 10,000 once, texts alone.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { told } from './goals.mjs'
import { generateStar, medianOf } from './verified.mjs'

const rounds = Number(process.argv[2] ?? 3)
const subnets = ['10.9.0.0/24', '10.9.1.0/24']
const folder = mkdtempSync(join(tmpdir(), 'natplan-bench-'))

function row(spokes, what, args, before, times = rounds) {
  const { seconds, megabytes, isProven } = medianOf(times, args)
  if (!isProven) throw new Error('something is not proven')
  const growth = before ? (seconds / before).toFixed(1) : '-'
  const cells = [String(spokes).padStart(6), what.padEnd(15), seconds.toFixed(2).padStart(8), growth.padStart(7)]
  console.log(`${cells.join('  ')}  ${megabytes.toFixed(0).padStart(8)}`)
  return seconds
}

try {
  console.log(`spokes  what             seconds   growth   peak MB   (medians of ${rounds}; goal at 1,000: 2 s)`)
  let before = {}
  for (const spokes of [100, 300, 1_000]) {
    const { plan, files } = generateStar(folder, spokes, subnets)
    before = {
      plan: row(spokes, 'plan', ['verify', '-f', plan], before.plan),
      files: row(spokes, 'configurations', ['verify', ...files], before.files),
    }
    if (spokes === 1_000) told('verifyFiles', before.files)
  }
  const { files } = generateStar(folder, 10_000, subnets)
  told('verifyMost', row(10_000, 'configurations', ['verify', ...files], before.files, 1))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
