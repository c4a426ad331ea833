import { type Device, verify, type WorldSite } from '@natplan/core'
import { platformModule } from '@natplan/templates'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { Address } from '../../packages/core/src/address/address.ts'
import type { Packet } from '../../packages/core/src/match/packet.ts'
import { Tracked } from '../../packages/core/src/match/tracked.ts'
import { verdictsOf } from '../../packages/core/src/trace/ask-filters.ts'
import { askSet } from '../../packages/core/src/trace/ask-set.ts'
import { missingAccepts } from '../../packages/core/src/verify/missing-accepts.ts'
import { type Firewall, firewalls, worldWith, written } from './vyatta-sets.ts'

/** What natplan proposes, entered as it is printed; comments say what is to be done by hand. */
function proposed(sites: ReadonlyMap<string, WorldSite>, platform: Firewall['platform']): string[] {
  const lines = platformModule(platform)?.acceptLines?.(missingAccepts({ sites })) ?? []
  return lines.flatMap((one) => one.lines)
}

/** A packet of no tunnel: in clear, or to and from hosts that no selector holds. */
const stranger = fc.record({
  source: fc.constantFrom('10.1.0.3', '10.2.0.3', '10.1.0.200', '203.0.113.9'),
  destination: fc.constantFrom('10.1.0.3', '10.2.0.3', '10.2.0.200', '203.0.113.9'),
  protocol: fc.constantFrom(6, 17),
  port: fc.constantFrom(53, 443),
  state: fc.constantFrom('new' as const, 'established' as const),
  isDecrypted: fc.boolean(),
  way: fc.constantFrom('in' as const, 'out' as const),
})

type Stranger = typeof stranger extends fc.Arbitrary<infer One> ? One : never

/** What has the addresses of packets that are meant to arrive: rules ask for no interface, but for what came encrypted where it must have. */
function isMeant({ source, destination, isDecrypted }: Stranger): boolean {
  const isOutward = source === '10.1.0.3' && destination === '10.2.0.3'
  return isOutward || (source === '10.2.0.3' && destination === '10.1.0.3' && isDecrypted)
}

function fateOf(device: Device, one: Stranger): string {
  const packet: Packet = {
    source: Tracked.fixed(Address.parse(one.source).bits),
    destination: Tracked.fixed(Address.parse(one.destination).bits),
    protocol: Tracked.fixed(one.protocol),
    sourcePort: Tracked.fixed(40_000),
    destinationPort: Tracked.fixed(one.port),
    icmpType: 0,
    state: one.state,
    isDecrypted: one.isDecrypted,
  }
  const [first, second] = [
    { name: 'eth0', isNot: [] },
    { name: 'eth1', isNot: [] },
  ]
  const [incoming, outgoing] = one.way === 'in' ? [first, second] : [second, first]
  const passage = { in: incoming, out: outgoing, isEncrypting: false }
  const lists = device.lists.filter(({ kind, hook }) => kind === 'filter' && hook === 'forward')
  const answers = lists.map((list) => {
    const { dropping, accepting } = verdictsOf(askSet(list, packet, passage))
    return dropping && accepting ? 'unknown' : dropping ? 'drop' : 'accept'
  })
  return answers.includes('drop') ? 'drop' : answers.includes('unknown') ? 'unknown' : 'accept'
}

function deviceIn(sites: ReadonlyMap<string, WorldSite>): Device {
  const site = sites.get('one')
  if (!site) throw new Error('there is no such site')
  return site.device
}

it('lets everything pass that is meant to, and nothing else', () => {
  const met = { proven: 0, opened: 0, byHand: 0 }
  fc.assert(
    fc.property(
      firewalls({ isOpen: false }),
      fc.array(stranger, { minLength: 5, maxLength: 20 }),
      (firewall, strangers) => {
        const { platform } = firewall
        const text = written(firewall)
        const before = worldWith(platform, text)
        const lines = proposed(before, platform)
        if (lines.length === 0) {
          met.proven++
          expect(verify({ sites: before }).result, text).toBe('proven')
          return
        }
        const entered = lines.filter((line) => !line.startsWith('#')).map((line) => `${line}\n`)
        const whole = `${text}${entered.join('')}`
        const after = worldWith(platform, whole)
        for (const one of strangers.filter((each) => !isMeant(each))) {
          expect(fateOf(deviceIn(after), one), `${whole}${JSON.stringify(one)}`).toBe(fateOf(deviceIn(before), one))
        }
        if (entered.length < lines.length) {
          met.byHand++
          return
        }
        met.opened++
        expect(verify({ sites: after }).result, whole).toBe('proven')
        expect(proposed(after, platform), whole).toEqual([])
      },
    ),
    { numRuns: 400 },
  )
  for (const count of Object.values(met)) expect(count).toBeGreaterThan(5)
})
