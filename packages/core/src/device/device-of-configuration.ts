import type { Address } from '../address/address.ts'
import { Prefix } from '../address/prefix.ts'
import { abilities } from '../policy/abilities.ts'
import type { GatewayPolicy, TunnelPolicy } from '../policy/gateway-policy.ts'
import type { Configuration } from '../trace/world-of-configurations.ts'
import type { Device, DeviceInterface, DeviceRoute, DeviceTunnel, NamedAddress, NextHop, Unread } from './device.ts'
import { deviceOfPolicy } from './device-of-policy.ts'

/** The device that an older reading of a configuration shows. Lines that it did not understand may touch anything. */
export function deviceOfConfiguration(
  configuration: Configuration,
  unread: readonly { readonly line: number; readonly text: string }[],
): Device {
  const { platform, policy, proposals, keyDigests, written, addresses, otherRoutes } = configuration
  const lineOf = (thing: object) => written?.lines.get(thing)
  const outside = addresses.find(({ address }) => policy.tunnels.some(({ local }) => local.address.equals(address)))
  const device = deviceOfPolicy({
    ...policy,
    site: '' as GatewayPolicy['site'],
    platform,
    tunnels: policy.tunnels as readonly TunnelPolicy[],
    outside: { interface: outside?.interface ?? '', address: undefined as unknown as Address },
    inside: undefined,
  })
  const names = [...new Set([...addresses.map((one) => one.interface), ...policy.interfaces.map(({ name }) => name)])]
  return {
    ...device,
    file: written?.file,
    interfaces: names.map((name): DeviceInterface => {
      const own = addresses.filter((one) => one.interface === name)
      const isVirtual = /^(vti|vfp|xfrm|ipsec)\d*$/.test(name) || policy.interfaces.some((one) => one.name === name)
      const kind = isVirtual
        ? 'virtual'
        : /^(lo|dum)\d*$/.test(name)
          ? 'loopback'
          : /^(tun|wg)\d*$/.test(name)
            ? 'far'
            : 'physical'
      return {
        name,
        kind,
        addresses: own.map(({ address, prefix }) => ({ kind: 'known', address, network: prefix, line: undefined })),
        table: 'main',
        line: undefined,
      }
    }),
    routes: [...device.routes, ...otherRoutes.map(routeOf)],
    tunnels: policy.tunnels.map((tunnel, index): DeviceTunnel => {
      const made = device.tunnels[index] as DeviceTunnel
      const offers = proposals.get(tunnel.peer)
      return {
        ...made,
        local: { address: openAddress(tunnel.local.address), identity: tunnel.local.identity },
        remote: { address: openAddress(tunnel.remote.address), identity: tunnel.remote.identity },
        ike: (offers?.ike ?? [tunnel.ike]).map((one) => ({
          ...one,
          prf: one.hash,
          hash: one.encryption.includes('gcm') ? undefined : one.hash,
        })),
        esp: (offers?.esp ?? [tunnel.esp]).map((one) => ({ ...one, extendedSequence: undefined })),
        keyDigest: keyDigests.get(tunnel.peer),
        line: lineOf(tunnel),
        children: made.children.map((child, at) => ({ ...child, line: lineOf(tunnel.selectors[at] ?? tunnel) })),
      }
    }),
    lists: device.lists.map((list) => ({
      ...list,
      rules: list.rules.map((rule) => {
        const direction = list.kind === 'source-nat' ? 'source' : 'destination'
        const one = policy.nat.find((nat) => nat.direction === direction && nat.number === rule.number)
        return { ...rule, line: one && lineOf(one) }
      }),
    })),
    installsRoutes: abilities[platform].virtualInterface ? 'always' : 'own-address',
    clamps: policy.clamps.map((clamp) => ({ ...clamp, line: lineOf(clamp) })),
    unread: unread.map(({ line, text }): Unread => ({ line, text, touches: 'anything', isPlaced: false })),
  }
}

function openAddress(address: Address): NamedAddress {
  return address.bits === 0 || address.bits === 0n ? { kind: 'any' } : { kind: 'known', address }
}

function routeOf({ prefix, via }: { readonly prefix: Prefix; readonly via: string }): DeviceRoute {
  const hop = Prefix.tryParse(`${via}/${via.includes(':') ? 128 : 32}`)
  const to: NextHop =
    via === 'nowhere'
      ? { kind: 'nowhere' }
      : hop
        ? { kind: 'via', address: hop.first, interface: undefined }
        : { kind: 'interface', interface: via }
  return { line: undefined, table: 'main', prefix, to, distance: 1 }
}
