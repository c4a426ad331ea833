import type { Tree } from '../configuration.ts'
import { aboutEach, type Condition, carriesPorts, has, hasPort, leafOf } from './condition.ts'

interface NatRules {
  /** Both prefixes of a map have the same length. */
  readonly keepsLength: boolean
}

/** NAT with a list for each direction: SrcNatRule.pm and DstNatRule.pm of vyatta-nat, nat.py of VyOS 1.3. */
export function translationsInTwoLists({ keepsLength }: NatRules): Condition {
  return (root) =>
    ['source', 'destination'].flatMap((direction) =>
      aboutEach(root, ['nat', direction, 'rule'], (rule) => [
        !has(rule, direction === 'source' ? 'outbound-interface' : 'inbound-interface') && 'no interface',
        ...mapComplaints(rule, { from: leafOf(rule, `${direction} address`), to: 'translation', keepsLength }),
      ]),
    )
}

/** NAT in one list: NatRule.pm of Vyatta 6.3. */
export const translationsInOneList: Condition = (root) =>
  aboutEach(root, ['service', 'nat', 'rule'], (rule) => {
    const type = leafOf(rule, 'type')
    const isSource = type !== 'destination'
    const map = {
      from: leafOf(rule, `${type} address`),
      to: isSource ? 'outside-address' : 'inside-address',
      keepsLength: true,
    }
    return [
      type === undefined && 'no type',
      !has(rule, isSource ? 'outbound-interface' : 'inbound-interface') && 'no interface',
      has(rule, isSource ? 'inbound-interface' : 'outbound-interface') && 'an interface of the other direction',
      ...(type === 'masquerade' ? [] : mapComplaints(rule, map)),
    ]
  })

interface MapRule extends NatRules {
  readonly from: string | undefined
  readonly to: string
}

function mapComplaints(rule: Tree, { from, to, keepsLength }: MapRule): (string | false)[] {
  const translation = leafOf(rule, `${to} address`)
  const length = translation?.split('/')[1]
  const isMap = length !== undefined
  return [
    translation === undefined && !has(rule, 'exclude') && 'no translation',
    (hasPort(rule) || has(rule, `${to} port`)) &&
      !carriesPorts(leafOf(rule, 'protocol')) &&
      'a port without a protocol that has ports',
    isMap && has(rule, `${to} port`) && 'a port beside a prefix',
    isMap && !from?.includes('/') && 'a map from what is no prefix',
    isMap && keepsLength && from?.split('/')[1] !== length && 'a map of prefixes of two lengths',
  ]
}

/** Rules of sets: Rule.pm and AddressFilter.pm of vyatta-cfg-firewall. */
export const filtersInSets: Condition = (root) =>
  [
    ['name', ''],
    ['ipv6-name', 'ipv6-'],
  ].flatMap(([list = '', kind = '']) =>
    root
      .names('firewall', list)
      .flatMap((set) =>
        aboutEach(root, ['firewall', list, set, 'rule'], (rule) => [
          !has(rule, 'action') && 'no action',
          hasPort(rule) && !carriesPorts(leafOf(rule, 'protocol')) && 'a port without a protocol that has ports',
          ...['source', 'destination'].flatMap((side) =>
            rule
              .entries(side, 'group')
              .flatMap(([group, names]) => [
                !root.has('firewall', 'group', `${kind}${group}`, names.names()[0] ?? '') &&
                  `no ${kind}${group} ${names.names()[0]}`,
                has(rule, `${side} address`) && group !== 'port-group' && 'both an address and a group',
              ]),
          ),
        ]),
      ),
  )
