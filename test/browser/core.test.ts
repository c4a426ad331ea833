import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { root } from '../support/command.ts'

/** Core as a browser would load it: bundled for one, which fails on any module of Node.js. */
async function bundledForBrowsers(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'packages', 'core', 'src', 'index.ts')],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'natplan',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]?.text ?? ''
}

const page = `
const sites = { cloud: { subnets: ['10.0.1.0/27'] }, onpremise: { subnets: ['10.0.1.0/24'] } }
const { value } = natplan.normalize({ version: 1, pools: ['192.168.0.0/16'], sites })
natplan.planNetwork(value).plan.mappings.map(({ real, translated }) => real + ' ' + translated).join('; ')
`

describe('core', () => {
  it('plans where there is nothing but the language: no process, no Buffer, no console, no clock', async () => {
    const context = createContext({})
    runInContext('delete globalThis.console; globalThis.Date = undefined; Math.random = undefined', context)
    runInContext(await bundledForBrowsers(), context)
    expect(runInContext(page, context)).toBe('10.0.1.0/27 192.168.2.0/27; 10.0.1.0/24 192.168.1.0/24')
  })
})
