import type { Prefix } from '../address/prefix.ts'
import type { Device } from '../device/device.ts'
import { behindOf } from './behind.ts'

/** The real prefixes that the tunnels of a device are for. */
export function hostsBehind(device: Device): Prefix[] {
  return behindOf(device).flatMap(({ child, real }) =>
    real.length > 0 ? real.map(({ prefix }) => prefix) : [child.local],
  )
}
