import { Prefix } from '../address/prefix.ts'
import { collect, type Finding, findingOf, inLock } from '../finding.ts'
import { parseSiteName, type SiteName } from '../network/names.ts'
import type { Partly } from '../network/partly.ts'
import { interfaceKey, type LockedInterface, type LockedNumber, numberKey } from './lock.ts'

type Written = Partly<Record<string, Record<string, Record<string, number>>>>

/** Reads the rule numbers of a lock: gateway, then peer, then `local remote`. Two of a gateway that are equal are a finding. */
export function readNumbers(written: Written, findings: Finding[]): Map<string, LockedNumber> {
  const numbers = new Map<string, LockedNumber>()
  for (const [name, peers] of Object.entries(written)) {
    const path = ['numbers', name]
    const site = collect(inLock(path), findings, () => parseSiteName(name))
    if (!site) continue
    const ofSite = Object.entries(peers ?? {}).flatMap(([peer, pairs = {}]) =>
      numbersOf(site, { peer, pairs, findings }),
    )
    for (const one of ofSite) numbers.set(numberKey(one), one)
    findings.push(...shared(ofSite, (one) => [`rule ${one.number}`, describe(one)]))
  }
  return numbers
}

/** Reads the numbers of virtual interfaces: gateway, then peer. */
export function readInterfaces(
  written: Partly<Record<string, Record<string, number>>>,
  findings: Finding[],
): Map<string, LockedInterface> {
  const interfaces = new Map<string, LockedInterface>()
  for (const [name, peers] of Object.entries(written)) {
    const site = collect(inLock(['interfaces', name]), findings, () => parseSiteName(name))
    if (!site) continue
    const ofSite = Object.entries(peers ?? {}).flatMap(([text, number]) => {
      const path = ['interfaces', name, text]
      const [peerText = '', word, uplink] = text.split(' ')
      const peer = collect(inLock(path), findings, () => parseSiteName(peerText))
      const by = word === 'by' && uplink !== undefined ? { uplink } : {}
      return peer && number !== undefined ? [{ site, peer, ...by, number, path }] : []
    })
    for (const one of ofSite) interfaces.set(interfaceKey(one), one)
    findings.push(...shared(ofSite, ({ number, peer }) => [`virtual interface ${number}`, `that to ${peer}`]))
  }
  return interfaces
}

function numbersOf(
  site: SiteName,
  written: { readonly peer: string; readonly pairs: Partly<Record<string, number>>; readonly findings: Finding[] },
): LockedNumber[] {
  const { peer: name, pairs, findings } = written
  const base = ['numbers', site, name]
  const peer = collect(inLock(base), findings, () => parseSiteName(name))
  if (!peer) return []
  return Object.entries(pairs).flatMap(([pair, number]) => {
    const path = [...base, pair]
    const [localText = '', remoteText = '', ...words] = pair.split(' ')
    const local = collect(inLock(path), findings, () => Prefix.parse(localText))
    const remote = collect(inLock(path), findings, () => Prefix.parse(remoteText))
    const { from: fromText, ...uses } = useOf(words)
    const from = fromText === undefined ? undefined : collect(inLock(path), findings, () => parseSiteName(fromText))
    const use = { ...(from === undefined ? {} : { from }), ...uses }
    return local && remote && number !== undefined ? [{ site, peer, local, remote, ...use, number, path }] : []
  })
}

/** The words behind the two prefixes, as `pairText` writes them. */
function useOf(words: readonly string[]): Uses & { readonly from?: string } {
  const [word, value, ...rest] = words
  if (word === 'of' && value !== undefined) return { from: value, ...restOf(rest) }
  return restOf(words)
}

type Uses = Pick<LockedNumber, 'uplink' | 'isFar' | 'isSummary' | 'forward'>

function restOf(words: readonly string[]): Uses {
  const [word, value, ...rest] = words
  const others = words.slice(1)
  if (word === undefined) return {}
  if (word === 'by' && value !== undefined) return { uplink: value, ...restOf(rest) }
  if (word === 'far') return { isFar: true, ...restOf(others) }
  if (word === 'summary') return { isSummary: true, ...restOf(others) }
  return { forward: words.join(' ') }
}

/** Two branches that each took the next free number meet here when they are merged. */
function shared<T extends LockedInterface>(
  ofSite: readonly T[],
  wordsOf: (one: T) => [thing: string, what: string],
): Finding[] {
  const owners = new Map<number, T>()
  return ofSite.flatMap((one) => {
    const owner = owners.get(one.number)
    if (!owner) {
      owners.set(one.number, one)
      return []
    }
    return [
      findingOf('LOCK_SHARED_NUMBER', inLock(one.path), {
        message: `${wordsOf(one)[0]} of ${one.site} is both ${wordsOf(owner)[1]} and ${wordsOf(one)[1]}`,
        hint: 'remove the line of the one that is not yet on the gateway, and plan again',
        related: [{ place: inLock(owner.path), message: 'the other one is here' }],
      }),
    ]
  })
}

function describe({ local, peer, remote }: LockedNumber): string {
  return `${local} to ${remote} at ${peer}`
}
