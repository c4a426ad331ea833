import { protocolName } from '../match/protocols.ts'
import type { Range } from '../match/range.ts'
import type { FlowClass } from '../trace/flow-classes.ts'
import type { World } from '../world/world.ts'
import type { FailingFlow } from './failing-flow.ts'

/** Words of a command line that lead to the same world, as far as it concerns some sites; `undefined` where none do. */
export type Replay = (sites: readonly string[]) => readonly string[] | undefined

/** The command that shows a packet on its way, as people type it. */
export function replayOf({ flow, found, nodes }: FailingFlow, replay: Replay): string | undefined {
  const { example } = found
  const source = replay([flow.from.name, ...('site' in flow.peer ? [flow.peer.site] : [])])
  if (!source) return undefined
  const words = [
    'natplan',
    'trace',
    `${flow.from.name}:${example.source}`,
    String(example.destination),
    ...choicesOf(found),
    ...(nodes === undefined ? [] : ['--nodes', nodes]),
    ...source,
  ]
  return words.map(quoted).join(' ')
}

/** What packets must have to be of the class; the rest `natplan trace` chooses as `exploreFlows` does. */
function choicesOf({ box, example }: FlowClass): string[] {
  return [
    ...(isWhole(box.protocol, 255) ? [] : ['--proto', protocolName(example.protocol)]),
    ...(isWhole(box.sourcePort, 65_535) ? [] : ['--sport', String(example.sourcePort)]),
    ...(isWhole(box.destinationPort, 65_535) ? [] : ['--dport', String(example.destinationPort)]),
  ]
}

function isWhole({ first, last }: Range, highest: number): boolean {
  return first === 0 && last === highest
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** The files that gateways were read from. */
export function filesOf({ sites }: World): Replay {
  return (names) =>
    names.flatMap((name) => {
      const file = sites.get(name)?.device.file
      return file === undefined ? [] : ['--config', `${name}=${file}`]
    })
}
