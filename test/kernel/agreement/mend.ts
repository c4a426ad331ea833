import { type Accept, missingAccepts, type World } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import type { GatewayState, Network } from './network.ts'
import { withInserted } from './nft-of-iptables.ts'

/** What an administrator enters who does what natplan says: texts with the rules that were missing, and commands for the running kernel. */
export interface Mending {
  readonly network: Network
  /** By site, for a shell. */
  readonly commands: ReadonlyMap<string, readonly string[]>
  /** All of it, for people. */
  readonly lines: readonly string[]
}

/** The rules that natplan says are missing in a network whose gateways are those of a world. */
export function mendingOf(network: Network, world: World): Mending {
  const accepts = missingAccepts(world)
  const commands = new Map<string, readonly string[]>()
  const lines: string[] = []
  const gateways = network.gateways.map((gateway) => {
    const own = accepts.filter(({ site }) => site === gateway.site)
    const entered = [
      ...linesFor(
        'linux',
        own.filter((one) => !isOfVyos(one)),
      ),
      ...vyosLines(gateway, own),
    ]
    lines.push(...entered.map((line) => `${gateway.site}: ${line}`))
    commands.set(
      gateway.site,
      entered.filter((line) => line.startsWith('nft ')),
    )
    return { ...gateway, written: writtenWith(gateway, entered) }
  })
  return { network: { ...network, gateways }, commands, lines }
}

function isOfVyos({ set }: Accept): boolean {
  return set.written?.path[0] === 'firewall'
}

function vyosLines({ written }: GatewayState, accepts: readonly Accept[]): string[] {
  const own = accepts.filter(isOfVyos)
  if (own.length === 0) return []
  if (!written || written.language === 'iptables') throw new Error('there is no firewall of VyOS')
  return linesFor(written.language, own)
}

function linesFor(platform: 'linux' | 'vyos-1.4' | 'vyos-1.5', accepts: readonly Accept[]): string[] {
  const lines =
    platformModule(platform)
      ?.acceptLines?.(accepts)
      .flatMap((one) => one.lines) ?? []
  const byHand = lines.find((line) => line.startsWith('#'))
  if (byHand !== undefined) throw new Error(`natplan leaves a rule to people: ${byHand}`)
  return lines
}

function writtenWith({ written }: GatewayState, entered: readonly string[]): GatewayState['written'] {
  if (!written) return undefined
  const inserted = entered.filter((line) => line.startsWith('iptables '))
  const set = entered.filter((line) => line.startsWith('set ')).map((line) => `${line}\n`)
  return { ...written, text: `${inserted.reduce(withInserted, written.text)}${set.join('')}` }
}

/** The same world without what its gateways filter, but for the guards that belong to their tunnels. */
export function withoutFilters({ sites }: World): World {
  const opened = [...sites].map(([name, site]) => {
    const lists = site.device.lists.filter((list) => list.kind !== 'filter' || list.name.includes('inet guards'))
    return [name, { ...site, device: { ...site.device, lists } }] as const
  })
  return { sites: new Map(opened) }
}
