/**
 * The headings of route tables and the commands that printed them, of which the first group is the VRF; without one it is the global
 * table. Nothing else is believed: in a configuration, what says the VRF may stand before an address, behind it or elsewhere.
 */
const headings: readonly RegExp[] = [
  /^Routing Tables?\s*:\s*([^\s,:"]+)$/i,
  /^(?:IP|IPv6) Rout(?:e|ing) Table for VRF "([^\s"]+)"$/i,
  /^IPv6 Routing Table - ([^\s"]+) - [0-9]+ entries$/i,
  /^VRF(?: name)?\s*:\s*([^\s",:]+)$/i,
  /^VRF ([^\s":]+):$/i,
  /^(?:([\w-]+)\.)?inet6?\.0: [0-9]+ destinations,/i,
  command(/sho?w? (?:ip(?:v6)? )?ro(?:u|ut|ute)? (?:ipv[46] )?vrf (\S+)/),
  command(/(?:sudo )?ip (?:-[46] )?r(?:o|ou|out|oute)? (?:show|list|ls) vrf (\S+)/),
]

/** What somebody typed behind the prompt of a router or a shell, and nothing more. */
function command({ source }: RegExp): RegExp {
  return new RegExp(`^[^#>$]{1,80}[#>$]\\s*${source}$`, 'i')
}

const prefix = String.raw`(?:[0-9]+(?:\.[0-9]+){3}|[0-9a-f]*:[0-9a-f:.]*)(?:/[0-9]+)?`

/** The lines of a table, as IOS, EOS, FRR, NX-OS, Junos and `ip` print them. */
const routes: readonly RegExp[] = [
  new RegExp(`^ ?[a-z*][a-z0-9*>+%!& ]{0,12} +${prefix},? +(?:is |\\[[0-9]+/)`, 'i'),
  new RegExp(`^ *${prefix},? +(?:is (?:variably )?subnetted|ubest/mbest:|[*+-]?\\[\\w+/)`, 'i'),
  new RegExp(`^(?:(?:blackhole|unreachable|prohibit) )?(?:default|${prefix}) (?:dev|via|proto|metric) `, 'i'),
  /^\s+(?:[*>]+ *)?(?:via|to|nexthop|\[[0-9]+\/[0-9]+\]) /,
]

/** What stands between a heading and the routes. */
const legend =
  /^(?:|\s*Codes: .*|\s+[a-z*>+%&-][a-z0-9*]? - .*|[a-z+*>][a-z]? [-=] .*|\+ = .*|Gateway of last resort.*|'[^']+' (?:denotes|in via output denotes) .*)$/i

/** Words of commands for the tables of several VRFs. */
const several = /^(?:all|any|\*)$/i

/** Follows the VRF through the lines of what a router printed. */
export class VrfLines {
  /** `undefined` outside of tables. */
  #table: string | undefined
  #hasRoutes = false

  /** In which VRF the route of a line surely is, an empty text for the global table; `undefined` where that is not known. */
  vrfOf(line: string): string | undefined {
    if (routes.some((form) => form.test(line))) {
      this.#hasRoutes = true
      return this.#table
    }
    const found = headings.map((form) => form.exec(line)).find((match) => match !== null)
    if (found) this.#begin(found[1] ?? '')
    else if (this.#hasRoutes || !legend.test(line)) this.#table = undefined
    return undefined
  }

  #begin(name: string): void {
    this.#table = several.test(name) ? undefined : name
    this.#hasRoutes = false
  }
}
