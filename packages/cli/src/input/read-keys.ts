import type { Keys } from '@natplan/app'
import { type Finding, findingOf, inPlan, NatplanError, type Network, type Tunnel } from '@natplan/core'
import { Secret } from '@natplan/templates'
import { type KeyFolders, readKeyFile } from './key-files.ts'

export interface ReadKeys {
  readonly keys: Keys
  readonly findings: readonly Finding[]
  /** The files that were read. */
  readonly files: readonly string[]
}

/** Other variables are none of the plan's business: they hold what other programs must know. */
const variablePattern = /^NATPLAN_\w+$/

/**
 * Reads the pre-shared keys from the environment variables and files that the plan names; file paths count from the plan file.
 * One line break at the end of a file does not belong to the key. A key that is not there, or must not be read, is a finding.
 */
export function readKeys(network: Network, folders: KeyFolders): ReadKeys {
  const keys = new Map<Tunnel, Secret>()
  const findings: Finding[] = []
  const files: string[] = []
  for (const tunnel of network.tunnels ?? []) {
    if (tunnel.certificates) continue
    const source = keyOf(tunnel, folders)
    if (source.kind === 'key') {
      keys.set(tunnel, new Secret(source.text))
      files.push(...source.files)
    } else findings.push(source.kind === 'refused' ? refused(tunnel, source.what) : missing(tunnel, source.problem))
  }
  return { keys, findings, files }
}

/** The keys that can be read, to compare with; one that is not there is no problem, one that must not be read is. */
export function keysAtHand(network: Network, folders: KeyFolders): ReadKeys {
  const tunnels = network.tunnels?.filter((tunnel) => isReadable(tunnel, folders))
  const { keys, findings, files } = readKeys({ ...network, tunnels }, folders)
  return { keys, findings: findings.filter(({ severity }) => severity === 'error'), files }
}

function isReadable(tunnel: Tunnel, folders: KeyFolders): boolean {
  try {
    keyOf(tunnel, folders)
    return true
  } catch (error) {
    if (error instanceof NatplanError) return false
    throw error
  }
}

type KeySource =
  | { readonly kind: 'key'; readonly text: string; readonly files: readonly string[] }
  | { readonly kind: 'missing'; readonly problem: string }
  | { readonly kind: 'refused'; readonly what: string }

function keyOf({ preSharedKey }: Tunnel, folders: KeyFolders): KeySource {
  if (!preSharedKey) return { kind: 'missing', problem: 'names no key' }
  return 'env' in preSharedKey ? keyOfVariable(preSharedKey.env) : keyOfFile(preSharedKey.file, folders)
}

function keyOfVariable(name: string): KeySource {
  if (!variablePattern.test(name)) return { kind: 'refused', what: "a variable that is not one of natplan's" }
  const text = process.env[name]
  if (text) return { kind: 'key', text, files: [] }
  return { kind: 'missing', problem: `takes its key from the variable ${name}, which is not set` }
}

function keyOfFile(file: string, folders: KeyFolders): KeySource {
  const read = readKeyFile(file, folders)
  if ('refused' in read) return { kind: 'refused', what: read.refused }
  if ('missing' in read) return { kind: 'missing', problem: `takes its key from ${read.missing}` }
  return { kind: 'key', text: read.text, files: [read.path] }
}

function refused({ sites, path, preSharedKey }: Tunnel, what: string): Finding {
  const isVariable = preSharedKey !== undefined && 'env' in preSharedKey
  return findingOf('KEY_SOURCE_REFUSED', inPlan([...path, 'preSharedKey', isVariable ? 'env' : 'file']), {
    message: `the tunnel of ${sites[0]} and ${sites[1]} takes its key from ${what}; it was not read`,
    hint: isVariable
      ? 'call the variable NATPLAN_ and more'
      : 'put the key into a file beside the plan, or name the folder of the file with --key-folder',
  })
}

function missing({ sites, path }: Tunnel, problem: string): Finding {
  return findingOf('PRE_SHARED_KEY_MISSING', inPlan(path), {
    message: `the tunnel of ${sites[0]} and ${sites[1]} ${problem}`,
    hint: '"natplan psk" makes a key; name it under preSharedKey: { env: NATPLAN_NAME } or { file: PATH }',
  })
}
