import type { World } from '../trace/world.ts'
import type { FailingFlow } from './flow-findings.ts'

export interface ReplayOptions {
  readonly world: World
  /** Words of the command line that lead to the same world, beside configurations. */
  readonly replay: readonly string[]
}

/** The command that shows a packet on its way, as people type it. */
export function replayOf({ flow, found, nodes }: FailingFlow, { world, replay }: ReplayOptions): string {
  const { protocol, example, box } = found
  const port =
    box.destinationPort.first === box.destinationPort.last ? [] : ['--dport', String(example.destinationPort)]
  const files = [flow.from, world.sites.get(flow.peer)].flatMap((site) =>
    site?.gateway.written ? ['--config', `${site.name}=${site.gateway.written.file}`] : [],
  )
  const words = [
    'natplan',
    'trace',
    `${flow.from.name}:${example.source}`,
    String(example.destination),
    ...(namesProtocols(world) ? ['--proto', protocol, ...port] : []),
    ...(nodes === undefined ? [] : ['--nodes', nodes]),
    ...files,
    ...replay,
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
