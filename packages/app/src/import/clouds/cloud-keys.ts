import { abilities, findingOf, inInput, type Place, type WrittenTunnel } from '@natplan/core'
import type { Imported } from '../imported.ts'

/** What was imported, with a file for the key of each tunnel of a cloud: no cloud shows keys that natplan would read. */
export function withCloudKeys(imported: Imported): Imported {
  const { sites, tunnels } = imported.network
  if (!tunnels) return imported
  const isOfCloud = (name: string) => abilities[sites[name]?.gateway?.platform ?? 'generic'].cloud !== undefined
  const files: string[] = []
  const told: number[] = []
  const keyed = tunnels.map((tunnel, index): WrittenTunnel => {
    const { sites: ends, preSharedKey, authentication, through } = tunnel
    if (preSharedKey || authentication || through !== undefined || ends === 'all' || !ends.some(isOfCloud))
      return tunnel
    const file = keyFileOf(tunnel, imported)
    told.push(index)
    if (!files.includes(file)) files.push(file)
    return { ...tunnel, preSharedKey: { file } }
  })
  const [first] = files
  if (first === undefined) return imported
  const what = files.length === 1 ? 'the key of a tunnel is' : `the keys of ${files.length} tunnels are`
  const finding = findingOf('IMPORT_KEYS', placeOf(imported, told), {
    message: `${what} not imported: the plan takes ${files.length === 1 ? 'it' : 'them'} from ${files.slice(0, 5).join(', ')}${files.length > 5 ? ', …' : ''}`,
    hint: 'put each key into its file beside the plan, one line, readable for you alone; or name a variable: preSharedKey: { env: NATPLAN_NAME }',
  })
  return { ...imported, network: { ...imported.network, tunnels: keyed }, findings: [...imported.findings, finding] }
}

/** Where the first of the tunnels was read. */
function placeOf({ reasons }: Imported, [first]: readonly number[]): Place {
  const reason = reasons.find(({ path }) => path[0] === 'tunnels' && path[1] === first)
  return reason ? { ...inInput(reason.line), file: reason.file } : inInput()
}

/** Both instances of a gateway of Azure have one key. */
function keyFileOf({ sites: ends, uplinks = {} }: WrittenTunnel, { network: { sites } }: Imported): string {
  const isOne = (name: string) => abilities[sites[name]?.gateway?.platform ?? 'generic'].cloud?.uplinks === 'instances'
  const labels = Object.entries(uplinks).flatMap(([site, uplink]) => (isOne(site) ? [] : [uplink]))
  return `keys/${[...ends, ...new Set(labels)].join('-')}.psk`
}
