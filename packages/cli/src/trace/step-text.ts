import type { NatRule, RouteTarget, Step, TracedSite } from '@natplan/core'

/** One step as a short clause. */
export function stepText(step: Step, site: TracedSite | undefined): string {
  switch (step.kind) {
    case 'route':
      return routeText(step)
    case 'translate':
      return `${ruleText(step.rule, site)}: ${step.side} ${step.from} becomes ${step.to}`
    case 'exempt':
      return `${ruleText(step.rule, site)}: ${step.side} stays as it is`
    case 'restore':
      return `the connection is known: ${step.side} ${step.from} becomes ${step.to} again`
    case 'masquerade':
      return `the node gives the packet of the pod its own address ${step.to}`
    case 'encrypt':
      return `encrypted for ${step.tunnel} by selector ${step.selector.local} → ${step.selector.remote}${placeOf(step.selector, site)}`
    case 'decrypt':
      return `decrypted from ${step.tunnel}`
    case 'deliver':
      return 'delivered'
  }
}

function routeText({ to, prefix }: Extract<Step, { kind: 'route' }>): string {
  return prefix === undefined || prefix.length === 0 ? targets[to] : `${targets[to]} (route ${prefix})`
}

const targets = {
  link: 'to a neighbour',
  gateway: 'to the gateway',
  public: 'to the public default route',
  cluster: 'into the cluster',
  inside: 'to the inside',
  outside: 'to the outside',
  virtual: 'to the virtual interface',
  nowhere: 'into nothing',
} as const satisfies Record<RouteTarget, string>

function ruleText(rule: NatRule, site: TracedSite | undefined): string {
  return `${rule.direction} rule ${rule.number}${placeOf(rule, site)}`
}

/** File and line where a configuration was read. */
function placeOf(object: object, site: TracedSite | undefined): string {
  const written = site?.gateway.written
  const line = written?.lines.get(object)
  return written && line !== undefined ? ` (${written.file}:${line})` : ''
}
