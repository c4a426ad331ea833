import type { Prefix } from '../address/prefix.ts'
import type { Device, Doubt } from '../device/device.ts'
import { connectedNetworks } from '../device/next-hop.ts'

/** Whether a device has an address in a prefix; why that is not known where none is shown, or where some interface gets one from others. */
export function hasAddressIn(device: Device, prefix: Prefix): 'yes' | 'no' | Doubt {
  const networks = connectedNetworks(device)
  if (networks.some(({ address }) => prefix.contains(address))) return 'yes'
  const what = `whether the gateway has an address in ${prefix}, for which its IKE daemon makes a route that comes first`
  if (networks.length === 0) return { line: undefined, what: `${what}: no address is shown` }
  const open = device.interfaces.flatMap(({ name, addresses }) =>
    addresses.flatMap((one) => (one.kind === 'dynamic' ? [{ ...one, name }] : [])),
  )[0]
  return open ? { line: open.line, what: `${what}: ${open.name} has one that is not known` } : 'no'
}
