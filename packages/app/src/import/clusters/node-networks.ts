import type { Address, Finding, Prefix } from '@natplan/core'
import { type DumpedNode, onlyNode, parseNodeRoutes } from '../../configs/read-node-routes.ts'
import { listAt, textAt } from '../json-values.ts'
import type { Said } from '../said.ts'

/** A network that a node is in, and the route there that leads on in private space. */
export interface NodeNetwork {
  readonly node: string
  readonly subnet: Prefix
  /** The node's own address there. */
  readonly address: Address
  readonly said: Said
  readonly route: { readonly prefix: Prefix; readonly via: Address; readonly said: Said } | undefined
  /** What the router in it leads to. */
  readonly leads: 'nowhere' | 'outside' | 'on'
  /** It is inside the node: a bridge of containers or of virtual machines. */
  readonly isOwn: boolean
  /** Next hops of other routes of the node than the default route, by destination. */
  readonly others: ReadonlyMap<string, Address>
}

/** Reports whether a text is what `ip route` or `ip -j route` prints, by its begin. */
export function isNodeRoutes(head: string): boolean {
  if (/^\s*\[\s*\{\s*("type"\s*:\s*"\w+"\s*,\s*)?"dst"\s*:/.test(head)) return true
  const { nodes, findings } = parseNodeRoutes(head.slice(0, head.lastIndexOf('\n') + 1))
  const isClean = findings.every(({ code }) => code !== 'NODE_ROUTES_NOT_UNDERSTOOD')
  return isClean && nodes.some(({ routes }) => routes.some(({ source, via }) => source || via))
}

/** The networks that nodes have on interfaces beyond which other private networks are, of the output of `ip route` there. */
export function nodeNetworks(
  file: string,
  text: string,
): { networks: readonly NodeNetwork[]; findings: readonly Finding[] } {
  const isJson = /^\s*\[/.test(text)
  const { nodes, lines, findings } = parseNodeRoutes(isJson ? asLines(text) : text)
  const lineOf = (route: object) => (isJson ? 1 : (lines.get(route) ?? 1))
  return {
    networks: nodes.flatMap((node) => networksOf(node, { file, lineOf })),
    findings: findings.map((one) => ({ ...one, place: { ...one.place, file } })),
  }
}

/** What `ip -j route` says, as `ip route` says it. */
function asLines(text: string): string {
  let routes: unknown
  try {
    routes = JSON.parse(text)
  } catch {
    return text
  }
  const words = [
    ['', 'type'],
    ['', 'dst'],
    ['via', 'gateway'],
    ['dev', 'dev'],
    ['src', 'prefsrc'],
    ['table', 'table'],
  ] as const
  return listAt({ routes }, 'routes')
    .map((route) => {
      const said = words.map(([word, key]) => [word, textAt(route, key)]).filter(([, value]) => value !== undefined)
      return said.flat().join(' ').trim()
    })
    .join('\n')
}

/** A dump without headings does not say of which node it is. */
function nodeCalled(name: string): string {
  return name === onlyNode ? 'a node' : `node ${name}`
}

function networksOf(
  { name, routes }: DumpedNode,
  { file, lineOf }: { readonly file: string; readonly lineOf: (route: object) => number },
): NodeNetwork[] {
  return routes.flatMap((own) => {
    const { prefix: subnet, source: address, via } = own
    if (via || !address || subnet.length === 0 || subnet.size === 1) return []
    const beyond = routes.filter((route) => route.via && subnet.contains(route.via) && route.prefix.length > 0)
    const around = beyond.filter(({ prefix }) => prefix.contains(subnet) || prefix.length <= widest)
    const [main] = around.toSorted((a, b) => a.prefix.length - b.prefix.length)
    const said = { value: String(subnet), why: `${nodeCalled(name)} is in it`, file, line: lineOf(own) }
    const route = main?.via && {
      prefix: main.prefix,
      via: main.via,
      said: {
        value: String(main.prefix),
        why: `${nodeCalled(name)} reaches it by ${main.via}`,
        file,
        line: lineOf(main),
      },
    }
    const others = new Map(beyond.flatMap(({ prefix, via: hop }) => (hop ? [[String(prefix), hop] as const] : [])))
    const isOutside = routes.some((one) => one.via && subnet.contains(one.via) && one.prefix.length === 0)
    const leads = beyond.length > 0 ? 'on' : isOutside ? 'outside' : 'nowhere'
    const isOwn = ownInterface.test(own.interface ?? '')
    return { node: name, subnet, address, said, route, leads, isOwn, others }
  })
}

/** A route to less than this is one to a peer, not to a private network. */
const widest = 12

/** Bridges and interfaces that container networks, Docker and libvirt make. */
const ownInterface =
  /^(docker|br-|cni|cbr|flannel|cali|vxlan\.calico|tunl|cilium|lxc|kube-|nodelocaldns|veth|virbr|weave|podman)/
