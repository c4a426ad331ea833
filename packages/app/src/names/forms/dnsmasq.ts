import { calledAddresses } from '../records.ts'
import { commented, type NamesOf, siteLabelOf } from './form.ts'
import { rewrites } from './rewrites.ts'

/** A snippet for a file below /etc/dnsmasq.d: forward, and back by the first name of each line. */
export function dnsmasqText(names: NamesOf): string {
  const called = calledAddresses(names.entries)
  const all = new Set(called.flatMap((one) => one.names))
  const ofSites = [...all].filter((name) => siteLabelOf(names, name) !== undefined)
  const { lines, left } = rewrites(names)
  return commented('#', names, [
    ...left.map((remark) => `# ${remark}`),
    ...lines.map(({ domain, real, visible, mask }) => `alias=${real.first},${visible.first},${mask} # ${domain}`),
    ...called.map((one) => `host-record=${one.names.join(',')},${one.address}`),
    ...ofSites.map((name) => `local=/${name}/`),
  ])
}
