import { Address, type PortRange, type RuleAction } from '@natplan/core'
import { portRange, prefixOf } from '../words.ts'
import { type Field, fieldAt } from './nft-fields.ts'
import { isSymbol, isWord, type Token } from './nft-tokens.ts'
import { elementsAt, type Scope } from './nft-values.ts'
import { type Way, waysOf } from './nft-ways.ts'

/** What a NAT statement does, once for each entry of a map; `undefined` when it is not understood. */
export function translationsAt(tokens: readonly Token[], start: number, scope: Scope): Way[] | undefined {
  const kind = tokens[start]?.text
  let at = start + 1
  let isPrefix = false
  while (isWord(tokens[at], 'ip', 'ip6', 'addr', '.', 'port', 'prefix', 'interval')) {
    isPrefix ||= isWord(tokens[at], 'prefix')
    at++
  }
  const hasTarget = isWord(tokens[at], 'to')
  if (kind === 'redirect') return undefined
  if (kind === 'masquerade') return masqueradeAt(tokens, hasTarget ? at + 1 : at)
  if (!hasTarget) return undefined
  const field = fieldAt(tokens, at + 1)
  if (field) return mappedAt(tokens, at + 1, { scope, isPrefix })
  const action = targetOf(tokens.slice(at + 1, endOf(tokens, at + 1)), isPrefix)
  return action && [{ match: {}, verdict: { kind: 'translate', action } }]
}

/** What may stand behind a target without changing it much. */
const flags = ['random', 'fully-random', 'persistent', 'comment']

function endOf(tokens: readonly Token[], at: number): number {
  const end = tokens.findIndex((token, index) => index >= at && (isWord(token, ...flags) || isSymbol(token, ',')))
  return end < 0 ? tokens.length : end
}

function masqueradeAt(tokens: readonly Token[], at: number): Way[] | undefined {
  const [port, ...more] = tokens.slice(at, endOf(tokens, at))
  const ports = port && portRange(port.text.replace(/^:/, ''))
  if (more.length > 0 || (port && !ports)) return undefined
  return [{ match: {}, verdict: { kind: 'translate', action: { kind: 'masquerade', ...(ports ? { ports } : {}) } } }]
}

/** `ip saddr map { 10.0.1.0/24 : 192.168.1.0/24 }`: each key is what the packet must have. */
function mappedAt(
  tokens: readonly Token[],
  start: number,
  { scope, isPrefix }: { readonly scope: Scope; readonly isPrefix: boolean },
): Way[] | undefined {
  const fields: Field[] = []
  let at = start
  for (let found = fieldAt(tokens, at); found; found = isWord(tokens[at], '.') ? fieldAt(tokens, at + 1) : undefined) {
    fields.push(found.field)
    at = found.next
  }
  if (!isWord(tokens[at], 'map')) return undefined
  const found = elementsAt(tokens, at + 1, scope)
  return (
    found &&
    waysOf(fields, found.elements, (value) => {
      const action = targetOf(value, isPrefix)
      return action && { kind: 'translate', action }
    })
  )
}

/** `10.0.0.1`, `10.0.0.1:80`, `10.0.0.1 . 80`, `10.0.0.1-10.0.0.9`, `[fd00::1]:80`, `:80` alone → `undefined`. */
function targetOf(tokens: readonly Token[], isPrefix: boolean): RuleAction | undefined {
  const [target, dot, port, ...more] = tokens
  if (!target || more.length > 0 || (dot && !(isWord(dot, '.') && port))) return undefined
  const [address, glued] = splitPort(target.text)
  const written = port?.text ?? glued
  const ports = written === undefined ? undefined : portRange(written)
  return written !== undefined && !ports ? undefined : actionOf(address, { isPrefix, ports })
}

/** An address and the port behind it; one of IPv6 stands in brackets then. */
function splitPort(text: string): readonly [string, string | undefined] {
  if (text.startsWith('[')) {
    const [address = '', behind = ''] = text.slice(1).split(']')
    return [address, behind === '' ? undefined : behind.replace(/^:/, '')]
  }
  const [address = '', port, ...more] = text.split(':')
  return more.length > 0 ? [text, undefined] : [address, port]
}

/** The action for an address, a block or a range of addresses. */
export function actionOf(
  text: string,
  { isPrefix, ports }: { readonly isPrefix: boolean; readonly ports: PortRange | undefined },
): RuleAction | undefined {
  const known = ports ? { ports } : {}
  const [from = '', to, ...more] = text.split('-')
  if (to !== undefined) {
    const [first, last] = [Address.tryParse(from), Address.tryParse(to)]
    if (!first || !last || more.length > 0 || first.family !== last.family || first.bits > last.bits) return undefined
    return { kind: 'pool', first, last, ...known }
  }
  const prefix = prefixOf(text)
  if (!prefix) return undefined
  const isOne = prefix.first.equals(prefix.last)
  if (isPrefix || isOne) return { kind: 'map', to: prefix, ...known }
  return { kind: 'pool', first: prefix.first, last: prefix.last, ...known }
}
