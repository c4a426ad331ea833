import type { Device, Touch } from '../device/device.ts'
import { unfulfilledRoutes } from './fulfils-routes.ts'
import { unfulfilledRules } from './fulfils-rules.ts'
import { unfulfilledTunnels } from './fulfils-tunnels.ts'
import type { GatewayPolicy } from './gateway-policy.ts'
import type { Unfulfilled } from './unfulfilled.ts'

/**
 * Where a device does not do what a policy wants; nothing when it certainly does all of it. What others have there counts as far as it takes
 * the policy's packets; whether a packet arrives at the other end is not asked here.
 */
export function fulfils(device: Device, policy: GatewayPolicy): Unfulfilled[] {
  return [
    ...unfulfilledRules(device, policy),
    ...unfulfilledTunnels(device, policy),
    ...unfulfilledRoutes(device, policy),
    ...unreadLines(device),
  ]
}

const touched: Readonly<Record<Touch, string>> = {
  nat: 'may translate any packet',
  filters: 'may drop any packet',
  routes: 'may send any packet elsewhere',
  tunnels: 'may take packets into another tunnel',
  anything: 'may do anything',
}

/** Lines that stand for a rule, route or tunnel are asked there. */
function unreadLines({ unread }: Device): Unfulfilled[] {
  return unread
    .filter(({ isPlaced }) => !isPlaced)
    .map(({ line, text, touches }) => ({
      kind: 'unread',
      what: `${text}: not understood, ${touched[touches]}`,
      hint: undefined,
      isCertain: false,
      line,
    }))
}
