import { type GatewayPolicy, ownPrefix } from '@natplan/core'
import type { DiffOptions, KeyOutcome, Operation } from '../difference.ts'
import { outcomeOf } from '../key-outcome.ts'
import type { ConfigNode } from './config-tree.ts'
import type { VyattaDialect } from './dialect.ts'
import { peerKeyOf } from './peer-key.ts'

/** Where the leaf of a key is called so; such leaves are compared here and nowhere else. */
export const keyLeaves = ['pre-shared-secret', 'secret']

/** What comparing the key of one tunnel leads to. */
export interface ComparedKey extends KeyOutcome {
  /** The path of the thing that the key is in. */
  readonly thing: readonly string[]
  readonly operation: Operation | undefined
}

/** Compares the keys of a policy's tunnels with those of a tree, by peer; no outcome shows anything of a key but whether it is the same. */
export function compareKeys(
  running: ConfigNode,
  { tunnels }: GatewayPolicy,
  { dialect, options }: { readonly dialect: VyattaDialect; readonly options: DiffOptions },
): ComparedKey[] {
  const keyed = tunnels.filter(({ authentication }) => authentication.kind === 'key')
  return keyed.map((tunnel) => {
    const { peer } = tunnel
    const name = `${ownPrefix}${peer}`
    const thing =
      dialect.peerKey === 'name'
        ? [...dialect.vpnRoot, 'authentication', 'psk', name]
        : [...dialect.vpnRoot, 'site-to-site', 'peer', peerKeyOf(tunnel, dialect)]
    const path = [...thing, ...(dialect.peerKey === 'name' ? ['secret'] : ['authentication', 'pre-shared-secret'])]
    const outcome = outcomeOf(running.peek(...path), options.secrets.get(peer))
    return { peer, outcome, thing, operation: operationOf({ peer, path, outcome }, options) }
  })
}

function operationOf(
  { peer, path, outcome }: KeyOutcome & { readonly path: readonly string[] },
  { secrets, showSecrets }: DiffOptions,
): Operation | undefined {
  if (outcome === 'same' || outcome === 'not compared') return undefined
  const key = showSecrets ? secrets.get(peer)?.reveal() : undefined
  const line = `set ${path.join(' ')}`
  const why =
    outcome === 'missing'
      ? 'without it the device refuses to commit'
      : 'it is another than the one that is there, and the tunnel needs it'
  return {
    kind: 'set',
    object: { kind: 'key', name: `key of ${peer}`, change: outcome === 'missing' ? 'added' : 'changed' },
    path,
    reason: outcome,
    text: key === undefined ? `# ${line}: not shown; ${why}\n` : `${line} '${key}'\n`,
  }
}
