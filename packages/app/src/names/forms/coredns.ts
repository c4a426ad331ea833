import { type Address, Prefix, sightsOf } from '@natplan/core'
import { reverseZone } from '../../text/reverse-names.ts'
import { calledAddresses } from '../records.ts'
import { commented, type NamesOf, siteLabelOf } from './form.ts'
import { hostsLines } from './hosts.ts'

/** Seconds. */
const timeToLive = 300

/** A server block; what is not in it is asked where the machine asks. */
export function corednsText(names: NamesOf): string {
  return commented('#', names, serverBlock(names))
}

/** Nothing where the site calls nobody: a block without a zone would take every question. */
function serverBlock(names: NamesOf): string[] {
  const zones = zonesOf(names)
  if (zones.length === 0) return []
  return [
    `${zones.map((zone) => `${zone}:53`).join(' ')} {`,
    '    errors',
    '    hosts /dev/null {',
    ...hostsLines(names.entries).map((line) => `        ${line}`),
    `        ttl ${timeToLive}`,
    '        fallthrough',
    '    }',
    '    forward . /etc/resolv.conf',
    '}',
  ]
}

/** The names of sites, each name of another domain, and where addresses are asked back for: no more than what is natplan's. */
function zonesOf(names: NamesOf): string[] {
  const called = calledAddresses(names.entries)
  const forward = called.flatMap((one) => one.names).map((name) => siteLabelOf(names, name) ?? name)
  return [...new Set([...forward, ...called.map(({ address }) => zoneBack(names, address))])]
}

function zoneBack({ plan, site }: NamesOf, address: Address): string {
  const visible = sightsOf(plan, site).find((sight) => sight.visible.contains(address))?.visible
  return reverseZone(address, visible ?? Prefix.of(address))
}
