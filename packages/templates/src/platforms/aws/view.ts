import {
  textOf as addressText,
  type DeadPeer,
  type Encryption,
  type GatewayPolicy,
  type Hash,
  type TunnelPolicy,
} from '@natplan/core'
import { type CloudConnection, type CloudTunnel, cloudConnections, prefixLabel } from '../../clouds/tunnels.ts'

/** Words of the options of a VPN tunnel; `undefined` for what AWS does not have. */
const encryptionWords: Readonly<Record<Encryption, string | undefined>> = {
  aes128: 'AES128',
  aes192: undefined,
  aes256: 'AES256',
  aes128gcm128: 'AES128-GCM-16',
  aes256gcm128: 'AES256-GCM-16',
  '3des': undefined,
}

const hashWords: Readonly<Record<Hash, string | undefined>> = {
  md5: undefined,
  sha1: 'SHA1',
  sha256: 'SHA2-256',
  sha384: 'SHA2-384',
  sha512: 'SHA2-512',
}

/** A silent peer is called again also where another gateway would wait for a packet. */
const deadPeerWords: Readonly<Record<DeadPeer['action'], string>> = {
  restart: 'restart',
  clear: 'clear',
  trap: 'restart',
}

/** AWS wants a number of an autonomous system also where no BGP is spoken; this one is private (RFC 6996). */
export const asNumber = 65_000

/** What the options of the tunnel in use say. */
export interface TunnelOptions {
  readonly ikeVersion: string
  readonly phase1Encryption: string
  readonly phase1Integrity: string
  readonly phase1Group: number
  readonly phase1Lifetime: number
  readonly phase2Encryption: string
  /** `undefined` with GCM, which brings its own. */
  readonly phase2Integrity: string | undefined
  readonly phase2Group: number | undefined
  readonly phase2Lifetime: number
  readonly deadPeerTimeout: number
  readonly deadPeerAction: string
  readonly startup: string
}

export function tunnelOptions({ ike, esp, start }: TunnelPolicy): TunnelOptions {
  return {
    ikeVersion: `ikev${ike.version}`,
    phase1Encryption: encryptionWords[ike.encryption] ?? '',
    phase1Integrity: hashWords[ike.hash] ?? '',
    phase1Group: ike.dhGroup,
    phase1Lifetime: ike.lifetime,
    phase2Encryption: encryptionWords[esp.encryption] ?? '',
    phase2Integrity: esp.hash && hashWords[esp.hash],
    phase2Group: esp.dhGroup,
    phase2Lifetime: esp.lifetime,
    deadPeerTimeout: ike.deadPeer.timeout,
    deadPeerAction: deadPeerWords[ike.deadPeer.action],
    startup: start === 'respond' ? 'add' : 'start',
  }
}

const everything = '0.0.0.0/0'

/** The one pair of prefixes of a connection, in the words of AWS: local is the other end. */
export function selectorsOf({ tunnel, takesAll }: CloudTunnel): { readonly local: string; readonly remote: string } {
  const [selector] = tunnel.selectors
  if (takesAll || !selector) return { local: everything, remote: everything }
  return { local: selector.remote.toString(), remote: selector.local.toString() }
}

/** The network of the two ends inside the tunnel. */
export function insideOf({ interfaces }: GatewayPolicy, { tunnel }: CloudTunnel): string | undefined {
  return interfaces.find(({ kind, peer }) => kind === 'tunnel' && peer === tunnel.peer)?.address?.network.toString()
}

export function awsView(policy: GatewayPolicy, tunnels: readonly CloudTunnel[]): object {
  return {
    site: policy.site,
    asNumber,
    keys: tunnels.map(({ keyVariable, tunnel }) => ({ key: keyVariable, peer: tunnel.peer })),
    connections: cloudConnections(tunnels).map((one) => connectionView(policy, one)),
  }
}

function connectionView(policy: GatewayPolicy, { first, tunnels }: CloudConnection): object {
  const areLinked = tunnels.every((one) => insideOf(policy, one) !== undefined)
  return {
    peer: first.tunnel.site,
    name: `natplan-${first.label}`,
    remoteAddress: addressText(first.tunnel.remote.address),
    ...selectorsOf(first),
    knownBy: areLinked ? 'TunnelInsideCidr' : 'PreSharedKey',
    tunnels: tunnels.map((one) => {
      const inside = insideOf(policy, one)
      return {
        peer: one.tunnel.peer,
        address: addressText(one.tunnel.local.address),
        key: one.keyVariable,
        inside,
        linked: areLinked ? inside : undefined,
        isLast: one === tunnels.at(-1),
        ...tunnelOptions(one.tunnel),
      }
    }),
    routes: first.remotes.map((prefix) => ({ prefix: prefix.toString() })),
  }
}

export function routeName({ label }: CloudTunnel, prefix: CloudTunnel['remotes'][number]): string {
  return `${label}-${prefixLabel(prefix)}`
}
