import type { DeviceRule, RouteTarget, RuleList, Side, Step, WorldSite } from '@natplan/core'

/** One step as a short clause. */
export function stepText(step: Step, site: WorldSite | undefined): string {
  switch (step.kind) {
    case 'route':
      return routeText(step)
    case 'translate':
      return `${ruleText(step, site)}: ${step.side} ${step.from} becomes ${step.to}`
    case 'exempt':
      return `${ruleText(step, site)}: ${step.side} stays as it is`
    case 'restore':
      return `the connection is known: ${step.side} ${step.from} becomes ${step.to} again`
    case 'masquerade':
      return `the node gives the packet of the pod its own address ${step.to}`
    case 'encrypt':
      return `encrypted for ${step.tunnel} by selector ${step.child.local} → ${step.child.remote}${placeOf(step.child, site)}`
    case 'decrypt':
      return `decrypted from ${step.tunnel}`
    case 'pass':
      return `${step.child.name} lets ${step.child.local} → ${step.child.remote} pass as it is${placeOf(step.child, site)}`
    case 'filter':
      return filterText(step, site)
    case 'deliver':
      return 'delivered'
  }
}

const verbs = { accept: 'accepts', drop: 'drops', reject: 'rejects' } as const

function filterText(step: Extract<Step, { kind: 'filter' }>, site: WorldSite | undefined): string {
  const { set, rule, verdict, isLater, sees } = step
  const name = rule?.number === undefined ? set.name : `${set.name} rule ${rule.number}`
  const place = placeOf(rule ?? { ...set, line: set.fallbackLine ?? set.line }, site)
  const what = isLater ? 'what follows the first packet of' : ''
  return `${name}${place} ${verbs[verdict]} ${what} ${sees.source} → ${sees.destination}`.replace('  ', ' ')
}

function routeText({ to, prefix, interface: name }: Extract<Step, { kind: 'route' }>): string {
  const isNamed = (to === 'virtual' || to === 'joined') && name !== undefined
  const target = isNamed ? `${targets[to]} ${name}` : targets[to]
  return prefix === undefined || prefix.length === 0 ? target : `${target} (route ${prefix})`
}

const targets = {
  link: 'to a neighbour',
  gateway: 'to the gateway',
  proxied: 'to the gateway, which answers ARP for it',
  public: 'to the public default route',
  cluster: 'into the cluster',
  inside: 'to the inside',
  outside: 'to the outside',
  virtual: 'to the virtual interface',
  joined: 'in again at the other end of',
  far: 'to a far end that is not known',
  nowhere: 'to a blackhole',
  unknown: 'to an unknown place',
} as const satisfies Record<RouteTarget, string>

function ruleText(
  step: { readonly side: Side; readonly rule: DeviceRule; readonly list: RuleList },
  site: WorldSite | undefined,
): string {
  const { side, rule, list } = step
  const name = rule.number === undefined ? `${side} rule of ${list.name}` : `${side} rule ${rule.number}`
  return `${name}${placeOf(rule, site)}`
}

/** File and line where a configuration was read. */
function placeOf(
  { line, file: shown }: { readonly line: number | undefined; readonly file?: string },
  site: WorldSite | undefined,
): string {
  const file = shown ?? site?.device.file
  return file !== undefined && line !== undefined ? ` (${file}:${line})` : ''
}
