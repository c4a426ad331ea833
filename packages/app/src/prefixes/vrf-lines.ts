/** How a line says to which VRF what stands below belongs, or what stands on it alone. */
interface VrfForm {
  readonly form: RegExp
  readonly scope: 'table' | 'block' | 'line'
}

/**
 * Routers print the routes of a VRF below a heading or the command that asked for them; their configurations put interfaces, routes and
 * neighbours into one. The first group is its name, and without one it is the global table.
 */
const forms: readonly VrfForm[] = [
  { form: /^(?:set (?:vrf name|routing-instances)|ip(?:v6)? route vrf) (\S+) (?=.*[0-9:])/i, scope: 'line' },
  { form: /^(?:IPv?[46]? )?Routing Tables?\s*:\s*([^\s,]+)/i, scope: 'table' },
  { form: /^(?:IPv?[46]? )?Rout(?:e|ing) Table for VRF[ =:]+"?([^\s":]+)/i, scope: 'table' },
  { form: /^VRF(?:\s+name)?\s*:\s*"?([^\s",]+)/i, scope: 'table' },
  { form: /^VRF "?([^\s":]+)"?:\s*$/i, scope: 'table' },
  { form: /^(?:([\w.-]+)\.)?inet6?\.[0-9]+: [0-9]+ destinations/i, scope: 'table' },
  { form: command(/sho?w? (?:ip(?:v6)? )?ro\S*(?: .*?)? vrf (\S+)/), scope: 'table' },
  { form: command(/sho?w? (?:ip(?:v6)? )?ro/), scope: 'table' },
  { form: command(/(?:sudo )?ip (?:-\S+ )*r\S* (?:show|list|ls) vrf (\S+)/), scope: 'table' },
  { form: command(/(?:sudo )?ip (?:-\S+ )*r(?:o\S*)?(?: (?:show|list|ls))?\s*$/), scope: 'table' },
  { form: /^(?:interface|router|hostname|Building configuration|Current configuration)\b/i, scope: 'table' },
  { form: /^(?:vrf (?:definition|context|instance)|ip (?:vrf|vpn-instance)) (\S+)/i, scope: 'block' },
  { form: /^\s+(?:ip )?vrf (?:forwarding |member )?(\S+)\s*$/i, scope: 'block' },
  { form: /^\s+ip binding vpn-instance (\S+)/i, scope: 'block' },
  { form: /^\s+address-family ipv[46] (?:unicast )?vrf (\S+)/i, scope: 'block' },
  { form: /^ (?:exit-)?address-family/i, scope: 'block' },
]

/** What somebody typed, behind the prompt of a router or a shell if there is one. */
function command({ source }: RegExp): RegExp {
  return new RegExp(`^(?:[^#>$]{0,80}[#>$]\\s*)?${source}`, 'i')
}

/** Lines of configurations that put an interface into a VRF, whose addresses stand elsewhere. */
const elsewhere = /^set (?:interfaces .* vrf \S+|routing-instances \S+ interface )/

/** Follows the VRF through the lines of what a router printed. */
export class VrfLines {
  #ofTable: string | undefined
  #ofBlock: string | undefined
  /** How many lines say of the addresses of others that they belong to a VRF. */
  notFollowed = 0

  /** To which VRF a line belongs, by its name; `undefined` for the global table. */
  vrfOf(line: string): string | undefined {
    if (/^\S/.test(line)) this.#ofBlock = undefined
    if (elsewhere.test(line)) this.notFollowed++
    for (const { form, scope } of forms) {
      const found = form.exec(line)
      if (!found) continue
      if (scope === 'line') return found[1]
      if (scope === 'block') this.#ofBlock = found[1]
      else this.#ofTable = found[1]
      break
    }
    return this.#ofBlock ?? this.#ofTable
  }
}
