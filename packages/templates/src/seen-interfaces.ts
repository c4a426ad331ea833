import type { DeviceInterface, InterfaceMatch } from '@natplan/core'

/** Under which names rules see the interfaces that packets come in on. */
export class SeenInterfaces {
  readonly #names: readonly string[]
  /** Of each interface that is in one. */
  readonly #vrfs: ReadonlyMap<string, string>

  constructor({ interfaces }: { readonly interfaces: readonly DeviceInterface[] }) {
    this.#names = interfaces.map(({ name }) => name)
    this.#vrfs = new Map(interfaces.flatMap(({ name, vrf }) => (vrf === undefined ? [] : [[name, vrf] as const])))
  }

  /**
   * The interfaces that a rule means. Behind prerouting what came in by an interface of a VRF bears the name of the VRF; in prerouting it is
   * asked under both (vrf_rcv_nfhook of linux/drivers/net/vrf.c).
   */
  meant(match: InterfaceMatch, isPrerouting: boolean): InterfaceMatch {
    if (this.#vrfs.size === 0) return match
    const isTaken = ([name, vrf]: readonly [string, string]) =>
      takes(match, vrf) || (isPrerouting && takes(match, name))
    const listed = [...this.#vrfs].filter((one) => isTaken(one) !== match.negated).map(([name]) => name)
    return { names: [...new Set([...this.#outsideVrfs(match), ...listed])], negated: match.negated }
  }

  membersOf(vrf: string): string[] {
    return [...this.#vrfs].flatMap(([name, own]) => (own === vrf ? [name] : []))
  }

  /** The interfaces that some names stand for, which may be beginnings. */
  called(names: readonly string[]): string[] {
    return this.#names.filter((name) => takes({ names, negated: false }, name))
  }

  #outsideVrfs({ names }: InterfaceMatch): string[] {
    const all = names.flatMap((written) => (isBeginning(written) ? this.called([written]) : [written]))
    const vrfs = new Set(this.#vrfs.values())
    return all.filter((name) => !this.#vrfs.has(name) && !vrfs.has(name))
  }
}

function isBeginning(written: string): boolean {
  return /[*+]$/.test(written)
}

/** Reports whether an interface of that name is meant. */
function takes({ names, negated }: InterfaceMatch, name: string): boolean {
  const isListed = names.some((written) =>
    isBeginning(written) ? name.startsWith(written.slice(0, -1)) : written === name,
  )
  return isListed !== negated
}
