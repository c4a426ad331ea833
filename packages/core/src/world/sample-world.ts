import { Address } from '../address/address.ts'
import type { NamedAddress } from '../address/named-address.ts'
import { Prefix } from '../address/prefix.ts'
import type { Device, DeviceTunnel } from '../device/device.ts'
import { kernelStages } from '../device/stages.ts'
import type { World, WorldSite } from './world.ts'

/** What tests make worlds of. A tunnel leads from one last octet of 192.0.2.0/24 to another; 0 is an address that is left open. */
export function sampleTunnel(from: number, to: number, more: Partial<DeviceTunnel> = {}): DeviceTunnel {
  return {
    name: `gateway${to}`,
    local: sampleEnd(from),
    remote: sampleEnd(to),
    versions: [2],
    ike: [{ encryption: 'aes256', hash: 'sha256', prf: undefined, dhGroup: 14 }],
    esp: [{ encryption: 'aes256', hash: 'sha256', dhGroup: 14, extendedSequence: undefined }],
    isWhole: true,
    lifetimes: { ike: 28_800, esp: 3600 },
    deadPeer: { action: 'restart', interval: 30, timeout: 120 },
    authentication: 'key',
    keyDigest: undefined,
    start: 'trap',
    forceNatTraversal: false,
    children: [
      {
        name: '1',
        number: 1,
        kind: 'protect',
        local: Prefix.parse(`10.${from}.0.0/16`),
        remote: Prefix.parse(`10.${to}.0.0/16`),
        through: undefined,
        priority: undefined,
        start: 'trap',
        line: 1,
      },
    ],
    line: 1,
    ...more,
  }
}

export function sampleEnd(octet: number): DeviceTunnel['local'] {
  if (octet === 0) return { address: { kind: 'any' }, identity: '%any' }
  return { address: sampleAddress(octet), identity: `192.0.2.${octet}` }
}

function sampleAddress(octet: number): NamedAddress {
  return { kind: 'known', address: Address.parse(`192.0.2.${octet}`) }
}

export function sampleDevice(more: Partial<Device> = {}): Device {
  return {
    platform: 'vyos-1.4',
    file: 'sample.txt',
    order: kernelStages,
    interfaces: [],
    routes: [],
    steering: [],
    lists: [],
    tunnels: [],
    installsRoutes: 'own-address',
    clamps: [],
    usedNumbers: [],
    unread: [],
    ...more,
  }
}

export function sampleSite(name: string, device: Partial<Device>, more: Partial<WorldSite> = {}): WorldSite {
  return {
    name,
    device: sampleDevice(device),
    subnets: [],
    otherNetworks: [],
    addresses: [],
    sides: { uplinks: ['eth1'], inside: 'eth0' },
    nodes: [],
    ...more,
  }
}

export function worldOf(...sites: readonly WorldSite[]): World {
  return { sites: new Map(sites.map((one) => [one.name, one])) }
}
