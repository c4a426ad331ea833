import type { Platform } from '@natplan/core'

/** How the releases of each product are numbered; VyOS 1.2 is written as 1.3, and 1.1 as its ancestor of Vyatta Core. */
const releases: readonly (readonly [RegExp, Platform])[] = [
  [/^(vyos )?(1\.5|circinus)/i, 'vyos-1.5'],
  [/^(vyos )?(1\.4|sagitta)/i, 'vyos-1.4'],
  [/^(vyos )?(1\.[23]|equuleus|crux)/i, 'vyos-1.3'],
  [/^(vyos )?(1\.1|helium)/i, 'vyatta-5400'],
  [/^(edgerouter|v[12]\.\d)/i, 'edgeos'],
  [/^(vyatta |vse|vc)?6\.\d/i, 'vyatta-5400'],
  [/^(vyatta )?([345]\.\d+R|17\.\d|(1[89]|2\d)(0[1-9]|1[0-2])[a-z]?)/i, 'vyatta-5600'],
]

/** The numbers of the IPsec syntax from which on peers have names (vyos-1x, migration scripts 9-to-10). */
const firstWithNames = 10

/** What the comments at the end of a saved configuration say about the device. */
export function releaseOf(text: string): { readonly platform: Platform; readonly why: string } | undefined {
  const [, words = ''] = /^[ \t]*(?:\/\/|\/\*) ?Release version: ?([^\s*][^\n*]{0,99})/m.exec(text) ?? []
  const platform = releases.find(([pattern]) => pattern.test(words))?.[1]
  if (platform) return { platform, why: `it names the release ${words.trim()}` }
  const [, versions = ''] = /(?:vyos|vyatta)-config-version:\s*"([^"]*)"/.exec(text) ?? []
  if (/\bubnt-/.test(versions)) return { platform: 'edgeos', why: 'it names versions of Ubiquiti syntax' }
  const [, ipsec] = /\bipsec@(\d{1,4})\b/.exec(versions) ?? []
  if (ipsec === undefined || !text.includes('vyos-config-version')) return undefined
  const isNew = Number(ipsec) >= firstWithNames
  return { platform: isNew ? 'vyos-1.4' : 'vyos-1.3', why: `it names version ${ipsec} of the IPsec syntax` }
}
