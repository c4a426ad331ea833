// What the benchmarks of verification share: a hub with spokes around it, and one measured run of the command.
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median, timed } from './timed.mjs'

const command = fileURLToPath(new URL('../packages/cli/dist/natplan.cjs', import.meta.url))

function gateway(address) {
  return { platform: 'vyos-1.4', outside: { interface: 'eth1', address }, inside: { interface: 'eth0' } }
}

/** All spokes have the same /24. */
export function star(spokes, subnets) {
  const names = Array.from({ length: spokes }, (_, index) => `spoke${index}`)
  const hub = { subnets, gateway: gateway('192.0.2.1') }
  const spoke = (index) => ({
    subnets: ['10.0.0.0/24'],
    gateway: gateway(`198.51.${100 + (index >> 8)}.${index & 255}`),
  })
  return {
    version: 1,
    pools: ['172.16.0.0/12', '100.64.0.0/10'],
    sites: { hub, ...Object.fromEntries(names.map((name, index) => [name, spoke(index)])) },
    tunnels: names.map((name) => ({ sites: ['hub', name] })),
  }
}

/** Writes a star's plan and all that is generated of it: the plan's file, and `SITE=FILE` of each configuration. */
export function generateStar(folder, spokes, subnets) {
  const network = star(spokes, subnets)
  const plan = join(folder, `${spokes}.json`)
  const output = join(folder, `${spokes}`)
  writeFileSync(plan, JSON.stringify(network))
  const generated = spawnSync(process.execPath, [command, 'generate', plan, '-o', output], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  if (generated.status !== 0) throw new Error(generated.stderr)
  const files = Object.keys(network.sites).map((site) => `${site}=${join(output, site, 'configure.txt')}`)
  return { plan, files, hub: join(output, 'hub', 'configure.txt') }
}

/** One whole process, its result to a pipe. */
function measure(args) {
  const { seconds, megabytes, stdout } = timed([command, ...args], { good: [0, 1, 3] })
  if (!stdout.includes('proven')) throw new Error(`nothing was verified: ${stdout.slice(-2000)}`)
  return { seconds, megabytes, isProven: !stdout.includes('not proven') }
}

/** Medians of several runs. */
export function medianOf(rounds, args) {
  const runs = Array.from({ length: rounds }, () => measure(args))
  return {
    seconds: median(runs.map((run) => run.seconds)),
    megabytes: median(runs.map((run) => run.megabytes)),
    isProven: runs.every(({ isProven }) => isProven),
  }
}
