import { type InterfaceMatch, type PacketMatch, packetFields, type TcpFlags } from './packet-match.ts'
import { isNamed } from './takes.ts'

/** Reports whether some packet may meet two matches at once; what nobody can tell counts as met. */
export function canMeet(one: PacketMatch, other: PacketMatch): boolean {
  return (
    packetFields.every((field) => {
      const [a, b] = [one[field], other[field]]
      return a === undefined || b === undefined ? !(a ?? b)?.isEmpty : a.overlaps(b)
    }) &&
    interfacesMeet(one.in, other.in) &&
    interfacesMeet(one.out, other.out) &&
    (one.states === undefined ||
      other.states === undefined ||
      one.states.some((state) => other.states?.includes(state))) &&
    isEqualOrOpen(one.arrived, other.arrived) &&
    isEqualOrOpen(one.leaving, other.leaving) &&
    isEqualOrOpen(one.translated?.source, other.translated?.source) &&
    isEqualOrOpen(one.translated?.destination, other.translated?.destination) &&
    flagsMeet(one.tcpFlags, other.tcpFlags)
  )
}

function isEqualOrOpen<T>(one: T | undefined, other: T | undefined): boolean {
  return one === undefined || other === undefined || one === other
}

function flagsMeet(one: TcpFlags | undefined, other: TcpFlags | undefined): boolean {
  if (!one || !other) return true
  return !one.set.some((flag) => other.clear.includes(flag)) && !other.set.some((flag) => one.clear.includes(flag))
}

/** Reports whether an interface can have a name that both matches take. */
function interfacesMeet(one: InterfaceMatch | undefined, other: InterfaceMatch | undefined): boolean {
  if (!one || !other) return true
  if (one.negated) return other.negated || interfacesMeet(other, one)
  if (other.negated) return one.names.some((name) => !other.names.some((excluded) => isNamed(excluded, plain(name))))
  return one.names.some((name) => other.names.some((written) => patternsMeet(name, written)))
}

function patternsMeet(one: string, other: string): boolean {
  const [a, b] = [plain(one), plain(other)]
  if (isPattern(one) && isPattern(other)) return a.startsWith(b) || b.startsWith(a)
  return isNamed(one, b) || isNamed(other, a)
}

/** Reports whether every interface that the second match takes is taken by the first. */
export function interfacesInclude(one: InterfaceMatch | undefined, other: InterfaceMatch | undefined): boolean {
  if (!one) return true
  if (!other) return false
  if (other.negated) return one.negated && one.names.every((name) => other.names.some((wider) => isWithin(name, wider)))
  if (one.negated) return other.names.every((name) => !one.names.some((excluded) => patternsMeet(excluded, name)))
  return other.names.every((name) => one.names.some((wider) => isWithin(name, wider)))
}

/** Reports whether all names that one pattern takes are taken by another. */
function isWithin(one: string, wider: string): boolean {
  return isPattern(one) ? isPattern(wider) && plain(one).startsWith(plain(wider)) : isNamed(wider, one)
}

function isPattern(written: string): boolean {
  return /[*+]$/.test(written)
}

function plain(written: string): string {
  return isPattern(written) ? written.slice(0, -1) : written
}
