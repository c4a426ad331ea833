import type { Touch } from '@natplan/core'

/** What a setting of the kernel does to packets that pass: most of them nothing. Its name has dots. */
export function touchOfSetting(name: string, value: string | undefined): Touch | undefined {
  if (/^net\.ipv4\.(ip_forward|conf\.\S+\.forwarding)$/.test(name) && value === '0') return 'anything'
  // Strict: what comes in on another interface than its answer would leave by is dropped, and that is not followed.
  if (/^net\.ipv4\.conf\.\S+\.rp_filter$/.test(name) && value === '1') return 'filters'
  return /^net\.ipv4\.conf\.\S+\.disable_(policy|xfrm)$/.test(name) && value !== '0' ? 'tunnels' : undefined
}
