import type { Touch, Unread } from '../device/device.ts'
import type { WorldSite } from '../world/world.ts'

/** The lines that nobody understood and that stand for nothing in the device, so that they may touch any packet in that way. */
export function openLines({ device: { unread } }: WorldSite, touches: Exclude<Touch, 'anything'>): readonly Unread[] {
  return unread.filter((one) => !one.isPlaced && (one.touches === touches || one.touches === 'anything'))
}
