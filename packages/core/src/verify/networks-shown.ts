import { RangeSet } from '../match/range-set.ts'
import type { WorldSite } from '../world/world.ts'
import { openLines } from './open-lines.ts'
import { remotesOf } from './prefix-index.ts'

const known = new WeakMap<WorldSite, { readonly networks: RangeSet | undefined }>()

/** The networks that a device shows, those of its peers included; `undefined` where there may be others. */
export function networksShown(site: WorldSite): RangeSet | undefined {
  const found = known.get(site) ?? { networks: findNetworks(site) }
  known.set(site, found)
  return found.networks
}

function findNetworks(site: WorldSite): RangeSet | undefined {
  const { device, sides } = site
  const [uplink] = sides.uplinks
  if (uplink === undefined || openLines(site, 'routes').length > 0) return undefined
  const inner = device.interfaces.filter(
    ({ name, kind }) => kind === 'physical' && (name === sides.inside || !sides.uplinks.includes(name)),
  )
  const isShown = inner.some(({ addresses }) => addresses.some(({ kind }) => kind === 'known'))
  const isOpen = inner.some(({ addresses }) => addresses.some(({ kind }) => kind === 'dynamic'))
  if (!isShown || isOpen || device.routes.some(({ doubt }) => doubt)) return undefined
  const connected = device.interfaces.flatMap(({ addresses }) =>
    addresses.flatMap((one) => (one.kind === 'known' ? [one.network] : [])),
  )
  const routed = device.routes.filter(({ prefix, to }) => prefix.length > 0 && 'interface' in to)
  return RangeSet.ofPrefixes([...connected, ...routed.map(({ prefix }) => prefix), ...remotesOf(site)])
}
