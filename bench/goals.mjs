// What is expected of natplan's speed: each row is measured by one of the files here, which tells it; `all.mjs` prints them together.
import { appendFileSync } from 'node:fs'

/** By what is done. `unit`: `x` is a multiple of what the row names; less is better unless `isMoreBetter`. */
export const goals = {
  plan: { work: 'plan on the acceptance example, against node -e 0', unit: 'x', must: 1.5, goal: 1.25 },
  help: { work: '--help, against node -e 0', unit: 'x', must: 1.5, goal: 1.2 },
  vyatta: { work: 'vyatta on the acceptance example, against node -e 0', unit: 'x', must: 1.7, goal: 1.4 },
  verify: { work: 'verify on the acceptance example, against node -e 0', unit: 'x', must: 1.9, goal: 1.5 },
  flagsFew: { work: 'flags 10,000 x 10,000, whole process, against node -e 0', unit: 'x', must: 1.8, goal: 1.3 },
  flagsMany: { work: 'flags 100,000 x 100,000, whole process, against Go bart', unit: 'x', must: 1, goal: 0.5 },
  flagsMost: { work: 'overlaps --flagged 1M x 1M, whole process, against C++', unit: 'x', must: 1.3, goal: 1 },
  summary: { work: 'overlaps --summary 1M x 1M, against --flagged', unit: 'x', must: 1.3, goal: 1.15 },
  pairs: { work: 'all pairs with file and line to a file, against flags', unit: 'x', must: 1.6, goal: 1.3 },
  free: { work: '10,000 free blocks, cold, as fast as cidr-tools', unit: 'x', must: 6, goal: 10, isMoreBetter: true },
  planSpokes: { work: '10,000 spokes, 100,000 subnets planned', unit: 's', must: 3.5, goal: 2 },
  planMemory: { work: 'the same: memory', unit: 'MB', must: 600, goal: 400 },
  planMost: { work: '100,000 spokes, a million subnets planned', unit: 's', must: 60, goal: 25 },
  planMostMemory: { work: 'the same: memory', unit: 'MB', must: 6000, goal: 4000 },
  verifyFiles: { work: 'verify of 1,000 tunnels on one hub, texts', unit: 's', must: 3, goal: 2 },
  verifyMost: { work: 'verify of 10,000 tunnels on one hub, texts', unit: 's', must: 40, goal: 20 },
  report: { work: 'report of 400 sites', unit: 's', must: 3, goal: 3 },
  reportSize: { work: 'the same: size', unit: 'MB', must: 5, goal: 5 },
  dump: { work: 'verify of a configuration of 200,000 lines', unit: 's', must: 0.8, goal: 0.4 },
  dumpRead: { work: 'reading one', unit: 's', must: 0.8, goal: 0.4 },
  agent: { work: 'route agent at rest, 2,000 routes: CPU of a look', unit: 'ms', must: 150, goal: 60 },
  paint: { work: 'page: first paint', unit: 'ms', must: 1000, goal: 1000 },
  keyFew: { work: 'page: a key in a plan of 100 sites', unit: 'ms', must: 50, goal: 50 },
  keyMany: { work: 'page: a key in a plan of 1,000 sites', unit: 'ms', must: 300, goal: 300 },
  pasted: { work: 'page: overlaps of 100,000 pasted prefixes', unit: 'ms', must: 1000, goal: 1000 },
}

/** Notes what a row of the goals came to, where `all.mjs` asks for it. */
export function told(name, value) {
  if (!(name in goals)) throw new Error(`there is no goal ${name}`)
  const file = process.env.NATPLAN_BENCH_ROWS
  if (file) appendFileSync(file, `${JSON.stringify({ name, value })}\n`)
}
