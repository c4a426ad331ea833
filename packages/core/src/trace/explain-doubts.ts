import type { World } from '../world/world.ts'
import { dispositions } from './disposition.ts'
import type { Doubts } from './doubts.ts'
import { placeOf } from './explain-ending.ts'
import type { DoubtAt, Ending, Trace } from './step.ts'

/**
 * The end of a walk in the light of what was not understood on it. A filter can only drop, so a packet that ends unheard of all the same
 * keeps its end; any other doubt may change it.
 */
export function withDoubts(ending: Ending, doubts: Doubts, world: World): Ending & Pick<Trace, 'doubts'> {
  if (doubts.isEmpty) return { ...ending, doubts: [] }
  const isSettled = !doubts.canChangeTheWay && !ending.inClear && !isGood(ending) && ending.disposition !== 'unknown'
  if (isSettled) return { ...ending, doubts: [] }
  const all = doubts.all
  if (ending.disposition === 'unknown') return { ...ending, doubts: all }
  const [first, ...others] = all
  const more = others.length === 0 ? '' : `, and ${others.length} more ${others.length === 1 ? 'line' : 'lines'}`
  return {
    disposition: 'unknown',
    reason: `what ${first ? shownDoubt(first, world) : 'a line'}${more} does to the packet is not known; as far as it is: ${ending.reason}`,
    advice: first ? `look at ${shownDoubt(first, world)}: natplan did not understand it` : '',
    inClear: false,
    doubts: all,
  }
}

function isGood({ disposition }: Ending): boolean {
  return dispositions[disposition].isGood
}

function shownDoubt({ site, doubt }: DoubtAt, world: World): string {
  const where = world.sites.get(site)
  return `"${doubt.what}" of ${site}${where ? placeOf(where, doubt.line, doubt.file) : ''}`
}
