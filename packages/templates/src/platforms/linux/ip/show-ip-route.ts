import { Address, type DeviceRoute, type NextHop, Prefix, type Unread } from '@natplan/core'
import { type Numbered, unread } from '../numbered.ts'

/** A route of `show ip route` while its lines come. */
interface Open {
  readonly prefix: Prefix
  readonly distance: number
}

/**
 * `S>* 0.0.0.0/0 [1/0] via 192.0.2.1, eth0`; `O IA *> …` of ZebOS: the code of a protocol, marks, the prefix, distance and metric, and the
 * way. `*`: in the kernel's table.
 */
const routeLine =
  /^([A-Za-z])(?: (?:IA|ia|N1|N2|E1|E2|L1|L2))?( ?[>*qrbtop ]*) ([0-9a-f.:]+\/\d{1,3})(?: \[(\d+)\/\d+\])? ((?:via|is directly connected|unreachable)\b.*)$/

/** A further way of the route above. */
const hopLine = /^\s+([>*qrbtop]*)\s*(?:\[\d+\/\d+\] )?((?:via|is directly connected|unreachable)\b.*)$/

/** A prompt, alone or in front of the command. */
const prompt = /^\[?[\w.-]{2,}(?:@[\w.-]+)?[^#$>]*[#$>]\s*(?:(?:sudo )?(?:show|vtysh|exit|quit)\b.*)?$/

/** The legend, headings and what a session shows around them. */
const around =
  /^(?:Codes:|\s+\S{1,2} - |IP(?:v6)? Route Table|IPv[46] unicast VRF|Gateway of last resort|Routing table|show )|^\s*$|^[#$%]/i

const tableHeading = /^(?:IP(?:v6)? Route Table for )?(?:IPv[46] unicast )?VRF "?([^\s":]+)"?(?: table (\d+))?:?$/

/** Reports whether a line is a route as routing daemons show them (FRR, Quagga, ZebOS: `show ip route`). */
export function isDaemonRoute(text: string): boolean {
  return routeLine.test(text.trimEnd())
}

/** Routes as routing daemons show them. Those that they have and do not use are kept as backups, unless they are inactive. */
export class DaemonRoutes {
  readonly unread: Unread[] = []
  readonly #used: DeviceRoute[] = []
  readonly #spare: DeviceRoute[] = []
  #table = 'main'
  #open: Open | undefined

  take(numbered: Numbered): void {
    const text = numbered.text.trimEnd()
    const heading = tableHeading.exec(text)
    if (heading) this.#enter(heading[1] ?? '', heading[2])
    else if (!this.#takeRoute({ ...numbered, text }) && !around.test(text) && !prompt.test(text)) {
      this.unread.push(unread(numbered, 'routes'))
    }
  }

  /** Of what is not used only that counts which comes later than what is. */
  finish(): DeviceRoute[] {
    const farthest = new Map<string, number>()
    for (const one of this.#used) {
      const key = keyOf(one)
      farthest.set(key, Math.max(one.distance, farthest.get(key) ?? 0))
    }
    const isLater = (spare: DeviceRoute) => spare.distance > (farthest.get(keyOf(spare)) ?? Number.POSITIVE_INFINITY)
    return [...this.#used, ...this.#spare.filter(isLater)]
  }

  #enter(vrf: string, number: string | undefined): void {
    this.#open = undefined
    this.#table = number ?? (vrf === 'default' ? 'main' : `vrf ${vrf}`)
  }

  #takeRoute({ line, text }: Numbered): boolean {
    const [, code, marks = '', destination = '', distance = '0', way = ''] = routeLine.exec(text) ?? []
    if (code === undefined) return this.#takeHop({ line, text })
    const prefix = Prefix.tryParse(destination)
    this.#open = prefix && { prefix, distance: Number(distance) }
    // the device's own addresses
    if (prefix && code !== 'L') this.#push({ line, text: way }, marks)
    return prefix !== undefined
  }

  #takeHop({ line, text }: Numbered): boolean {
    const [, marks, way] = hopLine.exec(text) ?? []
    if (marks === undefined || way === undefined || !this.#open) return false
    // ZebOS marks the first of several only
    this.#push({ line, text: way }, /^\s+\[/.test(text) ? '*' : marks)
    return true
  }

  #push({ line, text }: Numbered, marks: string): void {
    if (!this.#open || /\binactive\b/.test(text)) return
    // its further lines name the ways that are used
    if (/\(recursive\)/.test(text)) return
    const to = wayOf(text)
    const { prefix, distance } = this.#open
    if (!to) {
      this.unread.push(unread({ line, text: `${prefix} ${text}` }, 'routes'))
      return
    }
    const doubt = /\b(?:label|seg6|seg6local|encap)\b/.test(text)
      ? { doubt: { line, what: `the route for ${prefix} puts packets into others` } }
      : {}
    const list = marks.includes('*') ? this.#used : this.#spare
    list.push({ line, table: this.#table, prefix, to, distance, ...doubt })
  }
}

function keyOf({ table, prefix }: DeviceRoute): string {
  return `${table} ${prefix}`
}

function wayOf(text: string): NextHop | undefined {
  if (/^unreachable\b|, (?:Null0|bh)\b/.test(text)) return { kind: 'nowhere' }
  const [, direct] = /^is directly connected, ([^\s,]+)/.exec(text) ?? []
  if (direct !== undefined) return { kind: 'interface', interface: direct }
  const [, via = '', , recursive, name] =
    /^via ([0-9a-f.:]+)(?: \((recursive) via ([0-9a-f.:]+)[^)]*\))?(?:, ([A-Za-z][^\s,]*))?/.exec(text) ?? []
  const address = Address.tryParse(recursive ?? via)
  return address && { kind: 'via', address, interface: name }
}
