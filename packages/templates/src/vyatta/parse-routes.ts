import { type GatewayRoute, Prefix } from '@natplan/core'
import type { ConfigNode } from './config-tree.ts'
import type { Lines } from './lines.ts'

/** Static routes to interfaces, not those to next hops. */
export function interfaceRoutes(root: ConfigNode, lines: Lines): GatewayRoute[] {
  const routes = staticRoutes(root, ['interface-route', 'interface-route6']).flatMap(({ prefix, node }) =>
    targetsOf(node, 'next-hop-interface').map((target) => lines.keep({ prefix, interface: target }, node)),
  )
  return routes.sort((a, b) => Prefix.compare(a.prefix, b.prefix))
}

/** Static routes to next hops, to interfaces in the newer form, and into nothing. */
export function otherRoutes(root: ConfigNode): { readonly prefix: Prefix; readonly via: string }[] {
  return staticRoutes(root, ['route', 'route6']).flatMap(({ prefix, node }) => {
    const targets = ['next-hop', 'interface', 'dhcp-interface'].flatMap((leaf) => targetsOf(node, leaf))
    const isNowhere = targets.length === 0 && ['blackhole', 'reject', 'unreachable'].some((leaf) => node.at(leaf))
    return (isNowhere ? ['nowhere'] : targets).map((via) => ({ prefix, via }))
  })
}

function staticRoutes(root: ConfigNode, lists: readonly string[]) {
  return lists.flatMap((list) =>
    [...(root.at('protocols', 'static', list)?.entries() ?? [])].flatMap(([text, node]) => {
      const prefix = Prefix.tryParse(text)
      return prefix ? [{ prefix, node }] : []
    }),
  )
}

function targetsOf(node: ConfigNode, leaf: string): string[] {
  return [...(node.at(leaf)?.entries() ?? [])].flatMap(([target, below]) => (below.at('disable') ? [] : [target]))
}
