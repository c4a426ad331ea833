import type { Touch } from '@natplan/core'
import { touchOfSetting } from '../../kernel-setting.ts'
import type { NotUnderstood } from '../../platform.ts'
import type { ConfigNode } from '../config-tree.ts'
import { interfaceNodes } from '../read-interfaces.ts'

/**
 * Checks of the way back, which drop what comes from elsewhere: strict ones any packet of a policy-based tunnel whose way back is not by the
 * outside interface. A loose one lets pass what any route leads to, so with a default route everything.
 */
export function reversePathLines(root: ConfigNode): NotUnderstood[] {
  const hasDefault = hasDefaultRoute(root)
  const leaves = [
    root.at('firewall', 'source-validation'),
    root.at('firewall', 'global-options', 'source-validation'),
    ...interfaceNodes(root).flatMap(({ node }) => [
      node.at('ip', 'source-validation'),
      node.at('ip', 'rpf-check'),
      node.at('ip', 'disable-forwarding'),
    ]),
  ]
  return leaves.flatMap((leaf) => {
    if (!leaf) return []
    if (leaf.isEmpty) return leaf.lines()
    return leaf
      .children()
      .flatMap(([word, node]) => (word === 'strict' || (word === 'loose' && !hasDefault) ? node.lines() : []))
  })
}

function hasDefaultRoute(root: ConfigNode): boolean {
  const route = root.at('protocols', 'static', 'route', '0.0.0.0/0') ?? root.at('system', 'gateway-address')
  return route !== undefined
}

/** Settings of the kernel: `system sysctl parameter NAME value V`, with `all` or `custom` in older releases. */
export function kernelSettings(root: ConfigNode): { readonly node: ConfigNode; readonly touches: Touch }[] {
  const settings = root.children('system', 'sysctl').flatMap(([, list]) => list.children())
  const isLooseOpen = hasDefaultRoute(root)
  return settings.flatMap(([name, node]) => {
    const value = node.peek('value')
    const isLoose = name.endsWith('.rp_filter') && value === '2' && !isLooseOpen
    const touches = isLoose ? 'filters' : touchOfSetting(name.replaceAll('/', '.'), value)
    return touches ? [{ node, touches }] : []
  })
}
