/** By which a tunnel of a plan file is the same one: its two ends, and the uplinks that it uses there. */
export function tunnelKey(tunnel: unknown): string {
  const { sites, uplinks } = isMapping(tunnel) ? tunnel : {}
  const ends = Array.isArray(sites) ? sites.map(String).sort() : String(sites)
  const over = isMapping(uplinks) ? Object.entries(uplinks).sort() : []
  return JSON.stringify([ends, over])
}

export type Mapping = Readonly<Record<string, unknown>>

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
