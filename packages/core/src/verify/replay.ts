import { protocolName } from '../match/protocols.ts'
import type { World } from '../world/world.ts'
import type { FailingFlow } from './failing-flow.ts'

/** Words of a command line that lead to the same world, as far as it concerns some sites; `undefined` where none do. */
export type Replay = (sites: readonly string[]) => readonly string[] | undefined

export interface ReplayOptions {
  readonly world: World
  readonly replay: Replay
}

/** The command that shows a packet on its way, as people type it. */
export function replayOf({ flow, found, nodes }: FailingFlow, { world, replay }: ReplayOptions): string | undefined {
  const { example, box } = found
  const source = replay([flow.from.name, ...('site' in flow.peer ? [flow.peer.site] : [])])
  if (!source) return undefined
  const port =
    box.destinationPort.first === box.destinationPort.last ? [] : ['--dport', String(example.destinationPort)]
  const words = [
    'natplan',
    'trace',
    `${flow.from.name}:${example.source}`,
    String(example.destination),
    ...(namesProtocols(world) ? ['--proto', protocolName(example.protocol), ...port] : []),
    ...(nodes === undefined ? [] : ['--nodes', nodes]),
    ...source,
  ]
  return words.map(quoted).join(' ')
}

const known = new WeakMap<World, boolean>()

/** Reports whether some rule is for single protocols, so that it matters which one a packet has. */
function namesProtocols(world: World): boolean {
  const found = known.get(world)
  if (found !== undefined) return found
  const rules = [...world.sites.values()].flatMap(({ device }) => device.lists.flatMap((list) => list.rules))
  const names = rules.some(({ match: { protocol, sourcePort, destinationPort } }) =>
    [protocol, sourcePort, destinationPort].some((asked) => asked !== undefined),
  )
  known.set(world, names)
  return names
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
