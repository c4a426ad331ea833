import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { platformModule, Secret } from '@natplan/templates'
import { describe, expect, it } from 'vitest'
import { type Files, isUpdating, readFolder, writeFolder } from '../../support/golden-folder.ts'
import { derive, type Written } from '../../support/policies.ts'
import { clouds, devices } from '../../support/routers.ts'
import {
  acceptance,
  behindNat,
  changingAddress,
  cloudHub,
  cloudPeer,
  cloudSelectors,
  cloudUplinks,
  formed,
  hiding,
  hub,
  partialOverlap,
} from './cases.ts'

const expected = fileURLToPath(new URL('expected/', import.meta.url))
const platforms = devices.map(({ platform }) => platform)
const secret = new Secret('An-example-key-of-32-characters_')

/** Every pair of devices once, and each of the other cases on every platform. */
const cases: Readonly<Record<string, Written>> = Object.fromEntries([
  ...platforms.flatMap((one, index) =>
    platforms.slice(index).map((other) => [`acceptance/${one}+${other}`, acceptance(one, other)] as const),
  ),
  ...platforms.flatMap((platform) => [
    [`hub/${platform}`, hub(platform)] as const,
    [`partial-overlap/${platform}`, partialOverlap(platform)] as const,
    [`behind-nat/${platform}`, behindNat(platform)] as const,
    [`changing-branch/${platform}`, changingAddress(platform, 'branch')] as const,
    [`changing-hub/${platform}`, changingAddress(platform, 'hub')] as const,
    [`hiding/${platform}`, hiding(platform)] as const,
  ]),
  ...devices
    .filter(({ platform }) => platform !== 'generic')
    .map(({ platform }) => [`routed/${platform}`, formed(platform, { mode: 'route', link: '169.254.10.0/30' })] as const),
  ...(['vyos-1.4', 'vyos-1.5', 'linux'] as const).flatMap((platform) => [
    [`routed-narrow/${platform}`, formed(platform, { mode: 'route', selectors: 'narrow' })] as const,
    [`one-sided/${platform}`, formed(platform, { translateAt: 'left' })] as const,
  ]),
  ...clouds.flatMap(({ platform }) => [
    [`cloud-peer/${platform}`, cloudPeer(platform)] as const,
    [`cloud-selectors/${platform}`, cloudSelectors(platform)] as const,
    [`cloud-uplinks/${platform}`, cloudUplinks(platform)] as const,
  ]),
  ['cloud-hub/azure', cloudHub()],
])

/** The sites with the platform of the case's name; what their peers get is shown by the pairs. */
const mainSites: readonly string[] = ['hub', 'left', 'branch', 'cloud']

function rendered(name: string, written: Written): Files {
  const { policies, findings } = derive(written)
  const files: Record<string, string> = {}
  const remarks = [...findings]
  const [kind, main] = name.startsWith('changing-') ? ['changing', name.slice(9, name.indexOf('/'))] : [name.split('/')[0]]
  const shown =
    kind === 'acceptance' ? policies : policies.filter(({ site }) => (main ? site === main : mainSites.includes(site)))
  for (const policy of shown) {
    const module = platformModule(policy.platform)
    const secrets = new Map(policy.tunnels.map(({ peer }) => [peer as string, secret]))
    const outcome = module?.render(policy, { secrets })
    remarks.push(...(outcome?.findings ?? []))
    if (!module || !outcome?.texts) continue
    const { configure, remove, check, files: others } = outcome.texts
    const script = name.startsWith('hub/') ? module.script(configure, 'configure') : undefined
    const texts = { configure, remove, check, ...(script === undefined ? {} : { script }) }
    for (const [kind, text] of Object.entries(texts)) files[`${policy.site}/${kind}.txt`] = text
    for (const { name: file, text } of others) files[`${policy.site}/${file}`] = text
  }
  const lines = remarks.map(({ severity, code, message }) => `${severity} ${code} ${message}\n`)
  return { ...files, 'findings.txt': lines.join('') }
}

describe('golden configurations', () => {
  const actual = Object.fromEntries(
    Object.entries(cases).flatMap(([name, written]) =>
      Object.entries(rendered(name, written)).map(([file, text]) => [join(name, file), text] as const),
    ),
  )
  if (isUpdating()) writeFolder(expected, actual)
  const known = readFolder(expected)

  it('has the files that it should have, and no other', () => {
    expect(Object.keys(known).sort()).toEqual(Object.keys(actual).sort())
  })

  it.each(Object.keys(actual))('%s', (path) => {
    expect(actual[path]).toBe(known[path])
  })
})
