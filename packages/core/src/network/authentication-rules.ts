import { type Finding, findingOf, inPlan } from '../finding.ts'
import type { PartialNetwork } from './partial-network.ts'

/** A tunnel has a key, or a certificate at each end. */
export function certificatesAreWhole({ tunnels = [], unread }: PartialNetwork): Finding[] {
  return tunnels.flatMap(({ sites, preSharedKey, certificates, path }) => {
    if (!certificates) return []
    const place = inPlan([...path, 'authentication'])
    const missing = sites.filter((site) => !certificates.has(site))
    const isKnown = missing.length > 0 && !unread.touches(place.path)
    return [
      ...(isKnown
        ? [
            findingOf('CERTIFICATE_MISSING', place, {
              message: `${missing.join(' and ')} ${missing.length > 1 ? 'have' : 'has'} no certificate for this tunnel`,
              hint: 'name one for each end, or one for both: { certificate: NAME, ca: NAME }',
            }),
          ]
        : []),
      ...(preSharedKey
        ? [
            findingOf('AUTHENTICATION_TWICE', place, {
              message: `the tunnel of ${sites[0]} and ${sites[1]} has certificates and a pre-shared key`,
              hint: 'remove one of the two',
            }),
          ]
        : []),
    ]
  })
}
