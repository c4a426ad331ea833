import type { PacketMatch } from '@natplan/core'
import type { Base } from './chain.ts'

/** What the kernel knows of a packet at the place where a chain is asked. */
export interface Moment {
  /** Whether connection tracking has seen it. */
  readonly tracked: 'yes' | 'no' | 'unclear'
  /** Where it goes: not decided, to the gateway itself, or on to others. */
  readonly route: 'none' | 'here' | 'onward'
}

/** Where connection tracking sees packets (NF_IP_PRI_CONNTRACK, linux/netfilter_ipv4.h). */
const tracking = -200

export function momentOf({ hook, priority }: Pick<Base, 'hook' | 'priority'>): Moment {
  const isEntry = hook === 'prerouting' || hook === 'output'
  return {
    tracked: !isEntry || priority > tracking ? 'yes' : priority < tracking ? 'no' : 'unclear',
    route: hook === 'prerouting' ? 'none' : hook === 'input' ? 'here' : 'onward',
  }
}

/** What a rule asks of packets there; `undefined` when none meets it. */
export function askedAt(match: PacketMatch, { tracked, route }: Moment): PacketMatch | undefined {
  const followed = routedAt(match, route)
  if (!followed || (followed.states === undefined && followed.translated === undefined)) return followed
  const { states, translated, ...rest } = followed
  if (tracked === 'yes')
    return translated && isEmpty(translated) ? { ...rest, ...(states ? { states } : {}) } : followed
  if (tracked === 'unclear') return { ...rest, unknown: rest.unknown ?? 'what is tracked at that priority' }
  if (translated && (isEmpty(translated) || Object.values(translated).includes(true))) return undefined
  // Without an entry a packet counts as invalid, or as untracked where a rule said so before.
  if (states && !states.includes('invalid') && !states.includes('untracked')) return undefined
  const isSure = translated === undefined && states?.includes('invalid')
  return isSure ? rest : { ...rest, unknown: rest.unknown ?? 'what is not tracked yet' }
}

/** Without a route neither form of `rt ipsec` takes a packet; the one to the gateway itself has no transform. */
function routedAt(match: PacketMatch, route: Moment['route']): PacketMatch | undefined {
  if (match.leaving === undefined || route === 'onward') return match
  if (route === 'none' || match.leaving === 'encrypted') return undefined
  const { leaving: _, ...rest } = match
  return rest
}

function isEmpty(translated: object): boolean {
  return Object.keys(translated).length === 0
}
