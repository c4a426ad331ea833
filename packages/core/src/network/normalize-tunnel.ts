import type { Prefix } from '../address/prefix.ts'
import { findingOf, inPlan, type Path } from '../finding.ts'
import { limits } from '../limits.ts'
import { quoted } from '../quoted.ts'
import { nearest, type SiteName } from './names.ts'
import type { CertificateNames, Transit, Tunnel, TunnelForm, TunnelSettings } from './network.ts'
import { below, type Gathered, prefixAt } from './normalize-prefixes.ts'
import type { Partly } from './partly.ts'
import type { WrittenNetwork, WrittenTunnel } from './written.ts'

type Network = Partly<WrittenNetwork>
type Written = Partly<WrittenTunnel>

/** The tunnels with their defaults filled in, and the pairs without one; what names sites that are not known is left out. */
export function tunnelsOf(
  written: Network,
  place: Gathered,
): { readonly tunnels: Tunnel[] | undefined; readonly transits: Transit[] } {
  if (!written.tunnels) return { tunnels: place.unread.touches(place.path) ? [] : undefined, transits: [] }
  const all = written.tunnels.flatMap((tunnel, index) => (tunnel ? [{ tunnel, at: below(place, index) }] : []))
  const tunnels = all.flatMap(({ tunnel, at }) => (tunnel.through === undefined ? tunnelOf(tunnel, written, at) : []))
  const transits = all.flatMap(({ tunnel, at }) =>
    tunnel.through === undefined ? [] : transitsOf(tunnel, { written, tunnels, place: at }),
  )
  return { tunnels, transits: transits.filter(isFirstOfPair()) }
}

function tunnelOf(tunnel: Written, written: Network, place: Gathered): Tunnel[] {
  const ends = endsOf(tunnel, written, place)
  if (!ends) return []
  return [
    {
      sites: ends,
      preSharedKey: keyOf(tunnel),
      certificates: certificatesOf(tunnel, ends, place),
      proposal: proposalOf(tunnel),
      settings: settingsOf(tunnel, ends, place),
      form: formOf(tunnel, place),
      translateAt: translatorOf(tunnel, ends, place),
      uplinks: uplinksOf(tunnel, { ends, written, place }),
      path: place.path,
    },
  ]
}

function endsOf({ sites }: Written, written: Network, place: Gathered): Tunnel['sites'] | undefined {
  if (sites === 'all') {
    problem(place, ['sites'], {
      message: 'a tunnel of its own joins two sites, not all',
      hint: 'name two sites, or the site that forwards what all of them send to each other with through',
    })
    return undefined
  }
  const [one, other] = (sites ?? []).map((name, end) => endOf(name, written, below(place, 'sites', end)))
  return one && other ? [one, other] : undefined
}

/** A pair that a line names itself comes before those that `sites: all` stands for. */
function transitsOf(
  tunnel: Written,
  known: { readonly written: Network; readonly tunnels: readonly Tunnel[]; readonly place: Gathered },
): Transit[] {
  const { written, tunnels, place } = known
  const through = endOf(tunnel.through, written, below(place, 'through'))
  const others = Object.keys(tunnel).filter((key) => key !== 'sites' && key !== 'through')
  for (const key of others) {
    problem(place, [key], {
      message: `${key} belongs to a tunnel, and these sites have none of their own`,
      hint: `write it on the tunnels to ${through ?? 'the site that forwards'}`,
    })
  }
  if (!through) return []
  if (tunnel.sites !== 'all') {
    const ends = endsOf(tunnel, written, place)
    return ends ? [{ sites: ends, through, path: place.path }] : []
  }
  const spokes = tunnels.flatMap(({ sites }) => (sites.includes(through) ? sites.filter((end) => end !== through) : []))
  const sorted = [...new Set(spokes)].sort()
  const joined = new Set(tunnels.map(({ sites }) => [...sites].sort().join(' ')))
  return sorted.flatMap((one, index) =>
    sorted
      .slice(index + 1)
      .filter((other) => !joined.has(`${one} ${other}`))
      .map((other) => ({ sites: [one, other] as const, through, path: place.path })),
  )
}

function isFirstOfPair(): (transit: Transit) => boolean {
  const seen = new Map<string, Path>()
  return ({ sites, path }) => {
    const key = [...sites].sort().join(' ')
    const first = seen.get(key)
    if (first === undefined) seen.set(key, path)
    return first === undefined
  }
}

function problem({ path, findings, unread }: Gathered, keys: Path, words: { message: string; hint: string }): void {
  const at = [...path, ...keys]
  findings.push(findingOf('TUNNEL_KEYS_UNFIT', inPlan(at), words))
  unread.add(at)
}

function formOf({ mode = 'policy', selectors, link }: Written, place: Gathered): TunnelForm {
  if (mode === 'route') {
    return { mode, takes: selectors ?? 'any', link: linkAt(link, below(place, 'link')) }
  }
  for (const [key, value] of Object.entries({ selectors, link })) {
    if (value === undefined || place.unread.touches([...place.path, 'mode'])) continue
    problem(place, [key], {
      message: `${key} is for a tunnel with a virtual interface`,
      hint: 'write mode: route, or remove it',
    })
  }
  return { mode }
}

/** Two addresses that can be used. */
function linkAt(text: string | undefined, place: Gathered): Prefix | undefined {
  const prefix = prefixAt(text, place)
  if (!prefix || (prefix.family === 4 && (prefix.length === 30 || prefix.length === 31))) return prefix
  problem(place, [], { message: `${prefix} is not a network for two addresses`, hint: 'name an IPv4 /30 or /31' })
  return undefined
}

/** The uplinks that the gateways of both ends must have. */
function uplinksOf(
  { uplinks = {} }: Written,
  known: { readonly ends: Tunnel['sites']; readonly written: Network; readonly place: Gathered },
): Map<SiteName, string> {
  const { ends, written, place } = known
  const named = Object.entries(uplinks).flatMap(([name, uplink]) => {
    const at = below(place, 'uplinks', name)
    const site = namedEnd(name, ends, at)
    if (!site || uplink === undefined) return []
    const there = Object.keys(written.sites?.[site]?.gateway?.uplinks ?? {})
    if (there.includes(uplink)) return [[site, uplink] as const]
    const near = nearest(uplink, there)
    const hint = near
      ? `did you mean ${near}?`
      : there.length > 0
        ? `known: ${there.join(', ')}`
        : `add it under sites.${site}.gateway.uplinks`
    at.findings.push(
      findingOf('UPLINK_UNFIT', inPlan(at.path), { message: `${site} has no uplink ${quoted(uplink)}`, hint }),
    )
    at.unread.add(at.path)
    return []
  })
  return new Map(named)
}

function translatorOf({ translateAt }: Written, ends: Tunnel['sites'], place: Gathered): SiteName | undefined {
  if (translateAt === undefined) return undefined
  const end = ends.find((name) => name === translateAt)
  if (!end) {
    problem(place, ['translateAt'], {
      message: `${quoted(translateAt)} is not an end of this tunnel`,
      hint: `its ends are ${ends.join(' and ')}`,
    })
  }
  return end
}

function keyOf({ preSharedKey = {} }: Written): Tunnel['preSharedKey'] {
  if ('env' in preSharedKey && preSharedKey.env !== undefined) return { env: preSharedKey.env }
  return 'file' in preSharedKey && preSharedKey.file !== undefined ? { file: preSharedKey.file } : undefined
}

/** By site; those of a site that is not named are missing, which a rule tells. */
function certificatesOf(
  { authentication }: Written,
  ends: readonly SiteName[],
  place: Gathered,
): Tunnel['certificates'] {
  if (!authentication) return undefined
  const shared = namesOf(authentication)
  if (shared) return new Map(ends.map((end) => [end, shared]))
  // One of the two is missing, or cannot be read.
  if (Object.values(authentication).some((value) => typeof value === 'string')) return undefined
  const bySite = Object.entries(authentication as Partly<Record<string, CertificateNames>>)
  return new Map(
    bySite.flatMap(([name, value]) => {
      const names = typeof value === 'object' ? namesOf(value) : undefined
      const site = namedEnd(name, ends, { ...place, path: [...place.path, 'authentication', name] })
      return site && names ? [[site, names] as const] : []
    }),
  )
}

function namesOf({ certificate, ca }: Partly<CertificateNames>): CertificateNames | undefined {
  return typeof certificate === 'string' && typeof ca === 'string' ? { certificate, ca } : undefined
}

function proposalOf({ proposal }: Written): Tunnel['proposal'] {
  if (typeof proposal !== 'object') return proposal
  const { ike = {}, esp = {} } = proposal
  if (ike.encryption === undefined || ike.hash === undefined || ike.dhGroup === undefined) return undefined
  if (esp.encryption === undefined || esp.dhGroup === undefined) return undefined
  return {
    ike: { encryption: ike.encryption, hash: ike.hash, dhGroup: ike.dhGroup },
    esp: { encryption: esp.encryption, hash: esp.hash, dhGroup: esp.dhGroup },
  }
}

/** The site of a name that the plan must have. */
export function endOf(name: string | undefined, { sites = {} }: Network, { path, findings, unread }: Gathered) {
  if (name === undefined) return undefined
  if (Object.hasOwn(sites, name) || unread.covers(['sites', name])) return name as SiteName
  const isGuessed = findings.length < limits.guessedSites.most
  const near = isGuessed ? nearest(name, Object.keys(sites)) : undefined
  findings.push(
    findingOf('SITE_UNKNOWN', inPlan(path), {
      message: `there is no site ${quoted(name)}`,
      hint: near ? `did you mean ${near}?` : `known: ${Object.keys(sites).slice(0, 10).join(', ')}`,
    }),
  )
  unread.add(path)
  return undefined
}

/** What a tunnel does when the plan file does not say anything else. */
export const defaultSettings: TunnelSettings = {
  ikeVersion: undefined,
  ikeLifetime: 28_800,
  espLifetime: 3600,
  deadPeer: { action: 'restart', interval: 30, timeout: 120 },
  forceNatTraversal: false,
  start: undefined,
}

export const defaultForm: TunnelForm = { mode: 'policy' }

function settingsOf(written: Written, ends: readonly SiteName[], place: Gathered): TunnelSettings {
  const { ike, esp, deadPeerDetection = {} } = written
  const { deadPeer } = defaultSettings
  return {
    ikeVersion: ike?.version,
    ikeLifetime: ike?.lifetime ?? defaultSettings.ikeLifetime,
    espLifetime: esp?.lifetime ?? defaultSettings.espLifetime,
    deadPeer: {
      action: deadPeerDetection.action ?? deadPeer.action,
      interval: deadPeerDetection.interval ?? deadPeer.interval,
      timeout: deadPeerDetection.timeout ?? deadPeer.timeout,
    },
    forceNatTraversal: written.forceNatTraversal ?? defaultSettings.forceNatTraversal,
    start: startOf(written, ends, place),
  }
}

function startOf({ start }: Written, ends: readonly SiteName[], place: Gathered): TunnelSettings['start'] {
  if (typeof start !== 'object') return start
  const known = Object.entries(start).flatMap(([name, value]) => {
    const site = namedEnd(name, ends, { ...place, path: [...place.path, 'start', name] })
    return site === undefined || value === undefined ? [] : [[site, value] as const]
  })
  return new Map(known)
}

/** The end of a tunnel that a key names. */
function namedEnd(name: string, ends: readonly SiteName[], { path, findings }: Gathered): SiteName | undefined {
  const site = ends.find((end) => end === name)
  if (site) return site
  findings.push(
    findingOf(
      'SITE_UNKNOWN',
      { ...inPlan(path), isKey: true },
      { message: `${quoted(name)} is not an end of this tunnel`, hint: `its ends are ${ends.join(' and ')}` },
    ),
  )
  return undefined
}
