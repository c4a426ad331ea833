import type { Touch } from '@natplan/core'
import { isOwnRemoval } from '../marks.ts'
import type { Numbered } from '../numbered.ts'
import type { Links } from './links.ts'
import type { Proxies } from './proxies.ts'
import type { Routes } from './routes.ts'
import type { SteeringRules } from './rules.ts'

/** What `ip` commands change. */
export interface IpState {
  readonly links: Links
  readonly routes: Routes
  readonly rules: SteeringRules
  readonly proxies: Proxies
}

type IpTouch = Extract<Touch, 'routes' | 'tunnels' | 'anything'>

/** Takes a command; what it could touch when it is not understood, `undefined` when it is. */
export function ipCommand({ line, text }: Numbered, state: IpState): IpTouch | undefined {
  const words = text.split(/\s+/).slice(1)
  const object = words.findIndex((word) => !word.startsWith('-'))
  const isSix = words.slice(0, Math.max(0, object)).includes('-6')
  const [kind = '', verb = 'show', ...rest] = object < 0 ? [] : words.slice(object)
  if (isPrefixOf(verb, 'show', 'list', 'get', 'monitor', 'save', 'lst') || isOwnRemoval(words)) return undefined
  const isAdding = isPrefixOf(verb, 'add', 'append', 'replace', 'change', 'prepend')
  if (isPrefixOf(kind, 'address')) return isAdding && state.links.addAddress(rest, line) ? undefined : 'anything'
  if (isPrefixOf(kind, 'link') || isPrefixOf(kind, 'tunnel')) return linkCommand(verb, rest, { line, state })
  if (isPrefixOf(kind, 'route')) return isAdding && state.routes.add(rest, line, isSix) ? undefined : 'routes'
  if (isPrefixOf(kind, 'rule') && isAdding) {
    state.rules.add(rest, line)
    return undefined
  }
  if (isPrefixOf(kind, 'rule') && isPrefixOf(verb, 'del', 'delete'))
    return state.rules.remove(rest) ? undefined : 'routes'
  if (isPrefixOf(kind, 'rule')) return 'routes'
  if (isPrefixOf(kind, 'xfrm'))
    return isPrefixOf(rest[0] ?? 'show', 'show', 'list', 'get', 'count') ? undefined : 'tunnels'
  if (isPrefixOf(kind, 'neighbour', 'neighbor') && isAdding) state.proxies.add(rest, line)
  return isPrefixOf(kind, 'neighbour', 'neighbor', 'maddress', 'ntable', 'token') ? undefined : 'anything'
}

/** `ip` takes words that are cut off. */
function isPrefixOf(text: string, ...words: readonly string[]): boolean {
  return text !== '' && words.some((word) => word.startsWith(text))
}

function linkCommand(
  verb: string,
  rest: readonly string[],
  { line, state }: { line: number; state: IpState },
): IpTouch | undefined {
  if (verb === 'set' && state.links.enslave(rest)) return undefined
  if (verb === 'add') return state.links.addLink(rest, line) ? undefined : 'anything'
  const isHarmless =
    verb === 'set' && !rest.some((word) => ['down', 'master', 'nomaster', 'netns', 'name', 'vrf'].includes(word))
  return isHarmless ? undefined : 'routes'
}
