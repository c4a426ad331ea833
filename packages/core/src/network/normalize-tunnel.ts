import { type Finding, findingOf, inPlan, type Path } from '../finding.ts'
import { nearest, type SiteName } from './names.ts'
import type { Tunnel, TunnelSettings } from './network.ts'
import type { WrittenNetwork, WrittenTunnel } from './written.ts'

interface Place {
  readonly path: Path
  readonly findings: Finding[]
}

/** The tunnels with their defaults filled in; one whose sites are not known is left out. */
export function tunnelsOf(written: WrittenNetwork, findings: Finding[]): Tunnel[] | undefined {
  return written.tunnels?.flatMap((tunnel, index) => {
    const path: Path = ['tunnels', index]
    const [one, other] = tunnel.sites.map((name, end) =>
      endOf(name, written, { path: [...path, 'sites', end], findings }),
    )
    if (!one || !other) return []
    const settings = settingsOf(tunnel, [one, other], { path, findings })
    return [
      { sites: [one, other] as const, preSharedKey: tunnel.preSharedKey, proposal: proposalOf(tunnel), settings, path },
    ]
  })
}

function proposalOf({ proposal }: WrittenTunnel): Tunnel['proposal'] {
  if (typeof proposal !== 'object') return proposal
  const { ike, esp } = proposal
  return { ike, esp: { encryption: esp.encryption, hash: esp.hash, dhGroup: esp.dhGroup } }
}

function endOf(name: string, written: WrittenNetwork, { path, findings }: Place): SiteName | undefined {
  if (Object.hasOwn(written.sites, name)) return name as SiteName
  const near = nearest(name, Object.keys(written.sites))
  findings.push(
    findingOf('SITE_UNKNOWN', inPlan(path), {
      message: `there is no site ${JSON.stringify(name)}`,
      hint: near ? `did you mean ${near}?` : `known: ${Object.keys(written.sites).slice(0, 10).join(', ')}`,
    }),
  )
  return undefined
}

/** What a tunnel does when the plan file does not say anything else. */
export const defaultSettings: TunnelSettings = {
  ikeVersion: undefined,
  ikeLifetime: 28_800,
  espLifetime: 3600,
  deadPeer: { action: 'restart', interval: 30, timeout: 120 },
  forceNatTraversal: false,
  start: 'trap',
}

function settingsOf(written: WrittenTunnel, ends: readonly SiteName[], place: Place): TunnelSettings {
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

function startOf(
  { start = defaultSettings.start as 'trap' }: WrittenTunnel,
  ends: readonly SiteName[],
  { path, findings }: Place,
): TunnelSettings['start'] {
  if (typeof start !== 'object') return start
  const known = Object.entries(start).flatMap(([name, value]) => {
    const site = ends.find((end) => end === name)
    if (site) return [[site, value] as const]
    findings.push(
      findingOf(
        'SITE_UNKNOWN',
        { ...inPlan([...path, 'start', name]), isKey: true },
        {
          message: `${JSON.stringify(name)} is not an end of this tunnel`,
          hint: `its ends are ${ends.join(' and ')}`,
        },
      ),
    )
    return []
  })
  return new Map(known)
}
