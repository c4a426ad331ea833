import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string }

function run(command: string, args: readonly string[], cwd: string): string {
  const env = { ...process.env, npm_config_loglevel: 'error' }
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env })
  expect(status, `${command} ${args.join(' ')}\n${stdout}${stderr}`).toBe(0)
  return stdout
}

/** Packs every package as it would be published and installs the archives in a folder of their own. */
function installed(): string {
  const folder = temporaryFolder({ 'package.json': '{ "private": true, "type": "module" }' })
  for (const name of ['core', 'templates', 'cli']) {
    run('npx', ['--yes', packageManager, 'pack', '--pack-destination', folder], join(root, 'packages', name))
  }
  const archives = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  expect(archives).toHaveLength(3)
  run('npm', ['install', '--no-audit', '--no-fund', ...archives.map((name) => `./${name}`)], folder)
  return folder
}

describe('the packed packages', () => {
  it('install and run elsewhere', { timeout: 180_000 }, () => {
    const folder = installed()
    const plan = run(
      join(folder, 'node_modules', '.bin', 'natplan'),
      ['plan', join(root, 'examples', 'acceptance', 'natplan.yaml')],
      folder,
    )
    expect(plan).toContain('10.0.1.0/24 ↔ 192.168.1.0/24')

    writeFileSync(join(folder, 'use.mjs'), usage)
    expect(run(process.execPath, ['use.mjs'], folder).trim()).toBe('192.168.1.0/24 192.168.2.0/27 10.0.1.0/27')

    writeFileSync(join(folder, 'use.ts'), typedUsage)
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', '', 'use.ts']
    run(join(root, 'node_modules', '.bin', 'tsc'), options, folder)
  })
})

const usage = `import { fromIpNum, normalize, planNetwork, Prefix, toIpNum } from '@natplan/core'
import '@natplan/templates'
const sites = { cloud: { subnets: ['10.0.1.0/27'] }, onpremise: { subnets: ['10.0.1.0/24'] } }
const { plan } = planNetwork(normalize({ version: 1, pools: ['192.168.0.0/16'], sites }).value)
const translated = Object.fromEntries(plan.mappings.map((mapping) => [mapping.site, String(mapping.translated)]))
console.log(translated.onpremise, translated.cloud, String(fromIpNum(toIpNum(Prefix.parse('10.0.1.0/27')))))
`

const typedUsage = `import { type Plan, Prefix, PrefixSet } from '@natplan/core'
const set: PrefixSet = PrefixSet.of([Prefix.parse('10.0.0.0/8')])
export const count: bigint = set.count(4)
export const sitesOf = (plan: Plan): string[] => [...plan.network.sites.keys()]
`
