import { pick, type Random } from '../lab/mutations.ts'
import { altered } from './alter-filters.ts'
import { type Ends, endsOf } from './filter-ends.ts'
import { type Chosen, called, closed, elsewhere, type Style, stateful, together } from './filter-styles.ts'
import { iptablesForward, iptablesOwn } from './iptables-styles.ts'
import type { FilterRule, Filters, Network } from './network.ts'
import { vyosForward, vyosOwn, vyosZones } from './vyos-styles.ts'

/** Whether only forwarded packets meet filters, or also what gateways send to each other. */
export type FilteredPackets = 'forwarded' | 'own'

/** A network whose gateways filter, most of them, and what was done, for people. */
export function withFilters(network: Network, random: Random, kind: FilteredPackets): Network {
  const said: string[] = []
  const gateways = network.gateways.map((gateway, index) => {
    const isLast = index === network.gateways.length - 1 && said.length === 0
    if (!isLast && random() < 0.25) return gateway
    const chosen = chosenFilters(endsOf(gateway, network), random, kind)
    said.push(`${gateway.site} with ${chosen.said}`)
    return { ...gateway, filters: chosen.filters, written: chosen.written }
  })
  return { ...network, gateways, changes: [network.changes, ...said].filter((one) => one !== '').join('; ') }
}

/** A network whose gateways let IKE in and no ESP. */
export function withoutEsp(network: Network): Network {
  const filters: Filters = {
    sets: [],
    chains: [
      {
        table: 'inet own',
        name: 'input',
        base: { hook: 'input', priority: 0, policy: 'drop' },
        rules: [
          { kind: 'rule', conditions: [{ kind: 'ports', protocol: 'udp', ports: [500] }], verdict: { kind: 'accept' } },
        ],
      },
    ],
  }
  const gateways = network.gateways.map((gateway) => ({ ...gateway, filters }))
  return { ...network, gateways, changes: 'all without ESP' }
}

/** Reports whether packets of the gateways themselves may be dropped. */
function dropsOwn({ chains }: Filters): boolean {
  return chains.some(({ base, rules }) => {
    if (!base || base.hook === 'forward') return false
    return base.policy === 'drop' || rules.some((one) => one.kind === 'map' || !isOfHosts(one))
  })
}

/** Reports whether a rule lets pass what it takes, or takes no packets but those of hosts. */
function isOfHosts({ conditions, verdict }: FilterRule & { readonly kind: 'rule' }): boolean {
  if (verdict.kind === 'accept' || verdict.kind === 'return') return true
  return conditions.some((one) => {
    if ('prefixes' in one) return one.isNegated !== true && one.prefixes.every(({ length }) => length < 32)
    return one.kind === 'translated' || (one.kind === 'arrived' && one.how === 'exists')
  })
}

const styles: Readonly<Record<FilteredPackets, readonly Style[]>> = {
  forwarded: [stateful, stateful, called, called, elsewhere, iptablesForward, vyosForward, vyosForward, vyosZones],
  own: [closed, closed, elsewhere, together, iptablesOwn, vyosOwn],
}

/** One of the styles, in half of all cases with one chain in another form. */
function chosenFilters(ends: Ends, random: Random, kind: FilteredPackets): Chosen {
  for (;;) {
    const { filters, written, said } = pick(random, styles[kind])(ends, random)
    const changed = altered(filters, random)
    if (kind === 'own' || !dropsOwn(changed)) {
      return {
        filters: changed,
        ...(written ? { written } : {}),
        said: changed === filters ? said : `${said}, altered`,
      }
    }
  }
}
