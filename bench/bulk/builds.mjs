// What is measured, built into bench/dist. What lacks its toolchain is left out, and said so.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = fileURLToPath(new URL('.', import.meta.url))
const dist = join(here, '..', 'dist')

/** For each row how its program starts: a list of words that the work's own words are appended to. */
export async function buildAll() {
  mkdirSync(dist, { recursive: true })
  const natplan = join(dist, 'bulk-natplan.cjs')
  await build({
    entryPoints: [join(here, 'natplan.ts')],
    outfile: natplan,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  })
  const reference = join(dist, 'bulk-reference')
  const bart = join(dist, 'bulk-bart')
  const target = join(dist, 'cargo')
  compile(['g++', '-O2', '-o', reference, join(here, 'reference.cpp')], here)
  const hasBart = compile(['go', 'build', '-o', bart, '.'], join(here, 'bart'))
  const hasIpnet = compile(['cargo', 'build', '--release', '--quiet', '--target-dir', target], join(here, 'ipnet'))
  const peer = (name) => [process.execPath, join(here, 'peer.mjs'), name]
  return {
    reference: [reference],
    natplan: [process.execPath, natplan],
    freePeer: [process.execPath, join(here, 'free-peer.mjs')],
    peers: {
      'Rust ipnet': hasIpnet && [join(target, 'release', 'ipnet-bench')],
      'Go bart': hasBart && [bart],
      'cidr-tools': peer('cidr-tools'),
      'fast-cidr-tools': peer('fast-cidr-tools'),
    },
  }
}

function compile([program, ...args], cwd) {
  const { error, status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
  if (error === undefined && status === 0) return true
  if (program === 'g++') throw new Error(`the reference is needed: ${error?.message ?? stderr}`)
  console.log(`not run, since ${program} failed: ${(error?.message ?? stderr).trim().split('\n')[0]}`)
  return false
}
