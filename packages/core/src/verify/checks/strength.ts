import type { Finding } from '../../finding.ts'
import { strengthOf } from '../../policy/proposals.ts'
import { findingAt, placeAt, type Subject } from '../subject.ts'

/** No offer of a configuration can be broken: whoever sits between the gateways may make them take the weakest. */
export function offersAreStrong({ sites }: Subject): Finding[] {
  return sites.flatMap((site) => {
    // What a plan demands was judged when it was planned.
    if (site.device.file === undefined) return []
    return site.device.tunnels.flatMap((tunnel) =>
      strengthOf(tunnel, placeAt(site, tunnel)).map(({ code, message, hint }) =>
        findingAt(code, {
          site,
          at: tunnel,
          about: { peer: tunnel.name, tunnel: tunnel.name },
          message: `tunnel ${tunnel.name} of ${site.name}: ${message}`,
          ...(hint === undefined ? {} : { hint }),
        }),
      ),
    )
  })
}
