import { type DeviceRoute, type Touch, type Unread, wordTable } from '@natplan/core'
import type { Numbered } from '../numbered.ts'
import { type IpRoute, tryParseIpRoute, tryParseNextHop } from '../read-ip.ts'

/** Routes as `ip route` prints and makes them, in all tables but the one of the host's own addresses. */
export class Routes {
  readonly routes: DeviceRoute[] = []
  readonly unread: Unread[] = []
  /** Networks of interfaces that the kernel's main table shows: `eth0 192.0.2.0/24`. */
  readonly connected = new Set<string>()
  #several: { readonly route: IpRoute; readonly line: number } | undefined

  /** Takes a line of `ip route show`; false for any other. */
  take({ line, text }: Numbered): boolean {
    const hop = this.#several && tryParseNextHop(text)
    if (this.#several && hop) {
      this.#push({ ...this.#several.route, ...hop, kind: 'unicast' }, line)
      return true
    }
    this.#several = undefined
    const own = text.trim().replace(/ (linkdown|onlink|pervasive|offload)\b/g, '')
    if (/^cache\b/.test(own) || / uid \d+/.test(own)) return true
    const route = tryParseIpRoute(own)
    if (!route) return false
    if (/ (tos|dsfield|encap|nhid) /.test(` ${own} `) && !/ via | dev /.test(own))
      return this.#refuse({ line, text }, 'routes')
    if (/ (tos|dsfield|encap) /.test(own)) return this.#refuse({ line, text }, 'routes')
    if (route.kind === 'several') this.#several = { route, line }
    else if (route.kind !== 'other') this.#push(route, line)
    return true
  }

  /** `ip route add 10.0.0.0/8 via 192.0.2.1 nexthop …`; `isSix`: `ip -6`. */
  add(words: readonly string[], line: number, isSix: boolean): boolean {
    const own = withDestinationFirst(words)
    const at = own.indexOf('nexthop')
    if (at < 0)
      return this.take({
        line,
        text: isSix && own[0] === 'default' ? ['::/0', ...own.slice(1)].join(' ') : own.join(' '),
      })
    if (!this.take({ line, text: own.slice(0, at).join(' ') })) return false
    const hops = own
      .slice(at)
      .join(' ')
      .split(/(?=nexthop )/)
    return hops.every((hop) => this.take({ line, text: hop }))
  }

  /** The list ends here. */
  leave(): void {
    this.#several = undefined
  }

  #refuse({ line, text }: Numbered, touches: Touch): true {
    this.unread.push({ line, text: text.trim(), touches, isPlaced: false })
    return true
  }

  #push(route: IpRoute, line: number): void {
    const table = route.vrf === undefined ? tableName(route.table) : vrfTable(route.vrf)
    if (table === 'local') return
    // Behind the main table there is none with a route.
    const kind = table === 'main' && route.kind === 'next-table' ? 'nowhere' : route.kind
    const to = targetOf({ ...route, kind })
    if (to?.kind === 'interface' && table === 'main') this.connected.add(`${to.interface} ${route.prefix}`)
    if (to) this.routes.push({ line, table, prefix: route.prefix, to, distance: route.metric ?? 0 })
  }
}

/** `ip route add vrf red 10.0.0.0/8 …` is the same as with the table behind. */
function withDestinationFirst(words: readonly string[]): readonly string[] {
  const own = words[0] === 'to' ? words.slice(1) : words
  return own[0] === 'vrf' || own[0] === 'table' ? [...own.slice(2), ...own.slice(0, 2)] : own
}

/** The table of a VRF until its number is known. */
export function vrfTable(name: string): string {
  return `vrf ${name}`
}

/** Numbers that have names (rt_tables). */
export function tableName(text: string | undefined): string {
  const names: Readonly<Record<string, string>> = wordTable({ '254': 'main', '255': 'local', '253': 'default' })
  return text === undefined ? 'main' : (names[text] ?? text)
}

function targetOf({ kind, via, interface: name }: IpRoute): DeviceRoute['to'] | undefined {
  if (kind === 'nowhere' || kind === 'next-table') return { kind }
  if (via) return { kind: 'via', address: via, interface: name }
  return name === undefined ? undefined : { kind: 'interface', interface: name }
}
