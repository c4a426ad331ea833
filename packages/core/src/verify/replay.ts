import type { World } from '../trace/world.ts'
import type { FailingFlow } from './failing-flow.ts'

/** Words of a command line that lead to the same world, as far as it concerns some sites. */
export type Replay = (sites: readonly string[]) => readonly string[]

export interface ReplayOptions {
  readonly world: World
  readonly replay: Replay
}

/** The command that shows a packet on its way, as people type it. */
export function replayOf({ flow, found, nodes }: FailingFlow, { world, replay }: ReplayOptions): string {
  const { protocol, example, box } = found
  const port =
    box.destinationPort.first === box.destinationPort.last ? [] : ['--dport', String(example.destinationPort)]
  const words = [
    'natplan',
    'trace',
    `${flow.from.name}:${example.source}`,
    String(example.destination),
    ...(namesProtocols(world) ? ['--proto', protocol, ...port] : []),
    ...(nodes === undefined ? [] : ['--nodes', nodes]),
    ...replay([flow.from.name, flow.peer]),
  ]
  return words.map(quoted).join(' ')
}

/** Reports whether some rule is for single protocols, so that it matters which one a packet has. */
function namesProtocols({ sites }: World): boolean {
  return [...sites.values()].some(({ gateway }) =>
    gateway.policy.nat.some(({ protocol, ports }) => protocol !== undefined || ports !== undefined),
  )
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** The files that gateways were read from. */
export function filesOf({ sites }: World): Replay {
  return (names) =>
    names.flatMap((name) => {
      const written = sites.get(name)?.gateway.written
      return written ? ['--config', `${name}=${written.file}`] : []
    })
}
