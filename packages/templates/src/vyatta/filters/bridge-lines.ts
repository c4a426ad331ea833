import type { NotUnderstood } from '../../platform.ts'
import type { ConfigNode } from '../config-tree.ts'
import { droppingLines, type SetLines } from './dropping-lines.ts'
import { entriesInForce } from './in-force.ts'

/**
 * Filters for frames, which are not followed: what the gateway routes comes out of a bridge and goes into one; what is forwarded there goes
 * from port to port. The policy by state is asked in the chains that there are (nftables.j2).
 */
export function bridgeLines(root: ConfigNode): NotUnderstood[] {
  const bridge = root.at('firewall', 'bridge')
  const reading: SetLines = { find: (name) => bridge?.at('name', name), unset: 'accept' }
  const chains = ['input', 'output', 'prerouting'].flatMap((hook) =>
    ['filter', 'raw'].flatMap((chain) => bridge?.at(hook, chain) ?? []),
  )
  const hasStates = bridge?.at('input') !== undefined || bridge?.at('output') !== undefined
  return [...chains.flatMap((chain) => droppingLines(chain, reading)), ...(hasStates ? droppedStates(root) : [])]
}

function droppedStates(root: ConfigNode): NotUnderstood[] {
  return entriesInForce(root.at('firewall', 'global-options', 'state-policy')).flatMap((state) => {
    const word = state.peek('action')
    return word === undefined || word === 'accept' ? [] : (state.at('action')?.lines() ?? [])
  })
}
