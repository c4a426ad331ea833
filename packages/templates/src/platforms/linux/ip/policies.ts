import { Address, type DeviceTunnel, type Prefix, type TunnelChild, type Unread } from '@natplan/core'
import { limits } from '../../../limits.ts'
import type { Numbered } from '../numbered.ts'
import { prefixOf } from '../words.ts'

/** A policy that `ip xfrm policy` shows. */
interface ShownPolicy {
  /** `undefined`: addresses that were not understood. */
  readonly pair: { readonly source: Prefix; readonly destination: Prefix } | undefined
  readonly direction: 'out' | 'fwd'
  readonly isBlocking: boolean
  /** The tunnels that it asks for, by their far ends; without one, packets pass as they are. */
  readonly templates: { readonly to: string; isOptional: boolean }[]
  readonly line: number
  readonly text: string
}

/** What `ip xfrm policy` and `ip xfrm state` print. */
export class PolicyDump {
  /** Those that are asked of forwarded packets. */
  readonly asked: ShownPolicy[] = []
  #head: Pick<ShownPolicy, 'pair' | 'line' | 'text'> | undefined
  #current: ShownPolicy | undefined

  /** Takes a line of the two; false for any other. */
  take({ line, text }: Numbered): boolean {
    const [, source, destination] = /^src (\S+) dst (\S+)(?:\s|$)/.exec(text) ?? []
    if (source !== undefined) {
      const [from, to] = [prefixOf(source), prefixOf(destination ?? '')]
      this.leave()
      this.#head = { pair: from && to ? { source: from, destination: to } : undefined, line, text: text.trim() }
      return true
    }
    if (!this.#head || !/^\s/.test(text)) return false
    this.#inside(text, this.#head)
    return true
  }

  #inside(text: string, head: Pick<ShownPolicy, 'pair' | 'line' | 'text'>): void {
    const [, direction] = /^\s+dir (out|fwd)\b/.exec(text) ?? []
    const [, to] = /^\s+tmpl src \S+ dst (\S+)/.exec(text) ?? []
    if (direction === 'out' || direction === 'fwd') {
      const shown = `${head.text} ${text.trim()}`
      this.#current = { ...head, direction, isBlocking: / action block\b/.test(text), templates: [], text: shown }
      this.asked.push(this.#current)
    } else if (to !== undefined) this.#current?.templates.push({ to, isOptional: false })
    const template = this.#current?.templates.at(-1)
    if (template && /\slevel use\b/.test(text)) template.isOptional = true
  }

  leave(): void {
    this.#head = undefined
    this.#current = undefined
  }
}

const mostComparisons = limits.policyComparisons.most

interface Wanted {
  readonly tunnel: DeviceTunnel
  readonly child: TunnelChild
}

/** Policies in the kernel that no child of a tunnel explains; what was agreed on may be less than a child has. */
export function strangePolicies({ asked }: PolicyDump, tunnels: readonly DeviceTunnel[]): Unread[] {
  const wanted = tunnels.flatMap((tunnel) => tunnel.children.map((child) => ({ tunnel, child })))
  const exact = new Map<string, Wanted[]>()
  for (const one of wanted) {
    const key = `${one.child.local} ${one.child.remote}`
    const others = exact.get(key)
    if (others) others.push(one)
    else exact.set(key, [one])
  }
  const isFew = asked.length * wanted.length < mostComparisons
  const isExplained = (policy: ShownPolicy) =>
    waysOf(policy).some(({ source, destination }) => {
      const equal = exact.get(`${source} ${destination}`) ?? []
      if (equal.some((one) => isMadeOf(policy, one))) return true
      const isPart = ({ child: { local, remote } }: Wanted) => local.contains(source) && remote.contains(destination)
      return isFew && policy.templates.length > 0 && wanted.some((one) => isPart(one) && isMadeOf(policy, one))
    })
  return asked
    .filter((policy) => !isExplained(policy))
    .map(({ line, text }) => ({ line, text, touches: 'tunnels', isPlaced: false }))
}

/** As the packets of a child are on their way out. Of forwarded ones both ways are asked, where the daemon is told so (`policies_fwd_out`). */
function waysOf({ pair, direction }: ShownPolicy): NonNullable<ShownPolicy['pair']>[] {
  if (!pair) return []
  return direction === 'out' ? [pair] : [{ source: pair.destination, destination: pair.source }, pair]
}

/** Reports whether the IKE daemon makes such a policy of a child. */
function isMadeOf({ isBlocking, direction, templates }: ShownPolicy, { tunnel, child }: Wanted): boolean {
  if (isBlocking || child.kind === 'drop') return isBlocking && child.kind === 'drop'
  if (child.kind === 'pass') return templates.length === 0
  const isInClear = templates.every(({ isOptional }) => isOptional)
  if (templates.length === 0 || (direction === 'out' && isInClear)) return false
  return direction === 'fwd' || templates.every(({ to }) => leadsTo(to, tunnel))
}

/** A far end that is not known by its address may be any. */
function leadsTo(text: string, { remote: { address } }: DeviceTunnel): boolean {
  const end = Address.tryParse(text)
  return address.kind !== 'known' || (end !== undefined && (Number(end.bits) === 0 || end.equals(address.address)))
}
