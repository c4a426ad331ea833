import { Address } from '../address/address.ts'
import type { Side, Step } from './hop.ts'
import { firstMatch, type Passage } from './match-rule.ts'
import type { Packet } from './packet.ts'
import { neighbourOf, translated } from './translate.ts'
import type { TracedSite } from './world.ts'

/** What a gateway does to addresses on one pass of a packet. */
export interface Nat {
  /** The steps that were taken, in order; others add theirs. */
  readonly steps: Step[]
  /** Whether several senders became one. */
  isShared: boolean
  translate(side: Side, packet: Packet, passage: Passage): Packet
}

/** A first packet meets the rules. */
export function natByRules({ gateway, subnets, otherNetworks }: TracedSite): Nat {
  const nat: Nat = {
    steps: [],
    isShared: false,
    translate(side, packet, passage) {
      const rule = firstMatch(gateway.policy, { direction: side, passage }, packet)
      if (!rule) return packet
      const before = packet[side]
      const own = passage.at === 'inside' ? neighbourOf(packet.destination, [...subnets, ...otherNetworks]) : undefined
      const { field, isShared } = translated(rule, before, own ?? gateway.outside.addresses[0] ?? anyAddress)
      nat.isShared ||= isShared
      nat.steps.push(
        rule.action.kind === 'exempt'
          ? { kind: 'exempt', side, rule }
          : { kind: 'translate', side, rule, from: Address.fromBits(before.value), to: Address.fromBits(field.value) },
      )
      return { ...packet, [side]: field }
    },
  }
  return nat
}

/** What a gateway remembers of a packet's pass. */
export interface Connection {
  readonly site: string
  readonly before: Packet
  readonly after: Packet
  readonly isShared: boolean
}

/** Reports whether a packet answers what passed: then no rule is asked. */
export function answers({ after }: Connection, packet: Packet): boolean {
  return after.source.value === packet.destination.value && after.destination.value === packet.source.value
}

/** An answer gets the addresses back that the first packet had, whatever the rules say: destination first, then source. */
export function natByConnection({ before }: Connection): Nat {
  const nat: Nat = {
    steps: [],
    isShared: false,
    translate(side, packet) {
      const field = side === 'destination' ? before.source : before.destination
      if (field.value === packet[side].value) return packet
      const from = Address.fromBits(packet[side].value)
      nat.steps.push({ kind: 'restore', side, from, to: Address.fromBits(field.value) })
      return { ...packet, [side]: field }
    },
  }
  return nat
}

/** Stands in for the address of a gateway that shows none. */
const anyAddress = Address.fromBits(0)
