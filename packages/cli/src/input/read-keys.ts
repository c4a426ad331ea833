import { dirname, resolve } from 'node:path'
import { type Finding, findingOf, inPlan, NatplanError, type Network, type SiteName, type Tunnel } from '@natplan/core'
import { Secret } from '@natplan/templates'
import { readText } from './read-text.ts'

/** The pre-shared key of each tunnel that names one which can be read. */
export type Keys = ReadonlyMap<Tunnel, Secret>

/**
 * Reads the pre-shared keys from the environment variables and files that the plan names; file paths count from the plan file.
 * One line break at the end of a file does not belong to the key. A key that is not there is a finding.
 */
export function readKeys(
  network: Network,
  planFile: string | undefined,
): { readonly keys: Keys; readonly findings: Finding[] } {
  const keys = new Map<Tunnel, Secret>()
  const findings: Finding[] = []
  for (const tunnel of network.tunnels ?? []) {
    const { text, problem } = keyOf(tunnel, planFile)
    if (text) keys.set(tunnel, new Secret(text))
    else findings.push(missing(tunnel, problem))
  }
  return { keys, findings }
}

/** The keys that can be read, to compare with; one that is not there is no problem. */
export function keysAtHand(network: Network, planFile: string | undefined): Keys {
  const keys = new Map<Tunnel, Secret>()
  for (const tunnel of network.tunnels ?? []) {
    try {
      const { text } = keyOf(tunnel, planFile)
      if (text) keys.set(tunnel, new Secret(text))
    } catch (error) {
      if (!(error instanceof NatplanError)) throw error
    }
  }
  return keys
}

/** The keys that the gateway of one site needs, by peer. */
export function keysOfSite(keys: Keys, site: SiteName): Map<string, Secret> {
  const ofSite = new Map<string, Secret>()
  for (const [{ sites }, key] of keys) {
    if (sites.includes(site)) ofSite.set(sites[0] === site ? sites[1] : sites[0], key)
  }
  return ofSite
}

function keyOf(
  { preSharedKey }: Tunnel,
  planFile: string | undefined,
): { readonly text?: string; readonly problem: string } {
  if (!preSharedKey) return { problem: 'names no key' }
  if ('env' in preSharedKey) {
    const text = process.env[preSharedKey.env]
    const problem = `takes its key from the variable ${preSharedKey.env}, which is not set`
    return text ? { text, problem } : { problem }
  }
  const path = resolve(planFile === undefined ? '.' : dirname(planFile), preSharedKey.file)
  return { text: readText(path).replace(/\r?\n$/, ''), problem: '' }
}

function missing({ sites, path }: Tunnel, problem: string): Finding {
  return findingOf('PRE_SHARED_KEY_MISSING', inPlan(path), {
    message: `the tunnel of ${sites[0]} and ${sites[1]} ${problem}`,
    hint: '"natplan psk" makes a key; name it under preSharedKey: { env: NAME } or { file: PATH }',
  })
}
