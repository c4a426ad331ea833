import { RangeSet } from '@natplan/core'
import { ipCommand } from './ip/ip-command.ts'
import { Links } from './ip/links.ts'
import { PolicyDump } from './ip/policies.ts'
import { Proxies } from './ip/proxies.ts'
import { Routes } from './ip/routes.ts'
import { SteeringRules } from './ip/rules.ts'
import { Ipsets } from './ipset/sets.ts'
import { routesTakenFrom, switchedTunnel } from './marks.ts'
import type { Numbered } from './numbered.ts'
import { behindPrompt, commandsIn, heredocEnd, heredocPath, isHarmlessCommand, plainCommand } from './shell.ts'
import { isSecretLine } from './strongswan/secrets.ts'
import { isSysctl } from './sysctls.ts'

/** The lines of a text by what reads them. */
export interface Parts {
  readonly nft: readonly Numbered[]
  readonly iptables: readonly Numbered[]
  /** Sections of swanctl.conf and strongswan.conf. */
  readonly settings: readonly Numbered[]
  readonly ipsecConf: readonly Numbered[]
  readonly secrets: readonly Numbered[]
  readonly sysctls: readonly Numbered[]
  readonly links: Links
  readonly routes: Routes
  readonly rules: SteeringRules
  readonly proxies: Proxies
  readonly policies: PolicyDump
  readonly ipsets: Ipsets
  /** By number of a tunnel: the interface that loses its routes when the tunnel goes down, as natplan's script has it. */
  readonly switched: ReadonlyMap<number, string>
  /** Lines that nothing here reads, by what they could touch. */
  readonly strange: readonly (Numbered & { readonly touches: 'routes' | 'tunnels' | 'anything' })[]
}

/** Tells apart what stands in one text: files, commands that write them, and what commands print. */
export function splitText(text: string): Parts {
  const splitter = new Splitter()
  for (const [index, line] of text.split('\n').entries())
    splitter.take({ line: index + 1, text: line.replace(/\r$/, '') })
  return splitter.whole()
}

const nftStart =
  /^\s*(?:table\s|flush\s+ruleset|define\s+[\w]+\s*=|(?:add|create|insert|delete|destroy|flush)\s+(?:table|chain|rule|set|map|element|flowtable|counter)\s)/
const sectionStart = /^\s*[\w][\w.@-]*\s*(?::[\w.,\s-]+)?\{/
const unitStart = /^\[(Unit|Service|Install)\]$/

class Splitter {
  readonly parts = {
    nft: [] as Numbered[],
    iptables: [] as Numbered[],
    settings: [] as Numbered[],
    ipsecConf: [] as Numbered[],
    secrets: [] as Numbered[],
    sysctls: [] as Numbered[],
    links: new Links(),
    routes: new Routes(),
    rules: new SteeringRules(),
    proxies: new Proxies(),
    policies: new PolicyDump(),
    ipsets: new Ipsets(),
    switched: new Map<number, string>(),
    strange: [] as Parts['strange'][number][],
  }
  /** What ends the text that a command writes, and what is written where. */
  readonly #ends: string[] = []
  readonly #files: { readonly path: string; readonly from: number; to: number }[] = []
  /** Braces that are open in a block, and where its lines go. */
  #depth = 0
  #block: Numbered[] | undefined
  #isTable = false
  #isConf = false
  #isUnit = false
  /** The tunnel that lines of the script are about. */
  #switched: number | undefined

  take(line: Numbered): void {
    if (this.#ends.length > 0 && line.text.trim() === this.#ends.at(-1)) {
      this.#ends.pop()
      this.#leave()
      const file = this.#files.at(-1)
      if (file) file.to = line.line
    } else if (this.#block) this.#inBlock(line, this.#block)
    else if (this.#isTable) this.#inTable(line)
    else if (this.#isUnit && /^(\w+=|$)/.test(line.text.trim())) this.#inUnit(line)
    else this.#outside(line)
  }

  #begin(end: string, { path, line }: { readonly path: string | undefined; readonly line: number }): void {
    this.#ends.push(end)
    this.#files.push({ path: path ?? `${line}`, from: line, to: Number.MAX_SAFE_INTEGER })
  }

  /** A file that is written again has what was written last; what nft read in between stays. */
  whole(): Parts {
    const last = new Map(this.#files.map((file) => [file.path, file]))
    const lost = this.#files.filter((file) => last.get(file.path) !== file)
    const lines = RangeSet.of(lost.map(({ from, to }) => ({ first: from, last: to })))
    const { settings, ...parts } = this.parts
    return { ...parts, settings: settings.filter(({ line }) => !lines.has(line)) }
  }

  #leave(): void {
    this.#depth = 0
    this.#block = undefined
    this.#isTable = false
    this.#isConf = false
    this.#isUnit = false
    this.#switched = undefined
    this.parts.links.leave()
    this.parts.routes.leave()
    this.parts.policies.leave()
  }

  #inBlock(line: Numbered, block: Numbered[]): void {
    block.push(line)
    this.#depth += braces(line.text)
    if (this.#depth <= 0) this.#block = undefined
  }

  #inTable(line: Numbered): void {
    this.parts.iptables.push(line)
    if (line.text.trim() === 'COMMIT') this.#isTable = false
  }

  /** A unit may run anything when the machine starts. */
  #inUnit(line: Numbered): void {
    const [, command] = /^Exec\w*=[-@!+:]*(.*)$/.exec(line.text.trim()) ?? []
    if (command !== undefined && !isHarmlessCommand(command)) this.#strange(line)
  }

  #outside(line: Numbered): void {
    const trimmed = line.text.trim()
    if (trimmed === '' || /^#(?!.*\bip6?tables-save\b)/.test(trimmed)) return
    if (this.#isConf && /^\s/.test(line.text)) {
      this.parts.ipsecConf.push(line)
      return
    }
    this.#isConf = false
    this.#isUnit = unitStart.test(trimmed)
    if (this.#isUnit) return
    if (trimmed.startsWith('#')) this.parts.iptables.push(line)
    else if (!this.#file(line, trimmed) && !this.#printed(line)) this.#command(line)
  }

  /** The beginning of a file, or of a part of one. */
  #file(line: Numbered, trimmed: string): boolean {
    if (/^\*(nat|filter|mangle|raw|security)$/.test(trimmed)) {
      this.#isTable = true
      this.parts.iptables.push(line)
    } else if (/^(conn|config|ca)\s+\S+$/.test(line.text.trimEnd())) {
      this.#isConf = true
      this.parts.ipsecConf.push(line)
    } else if (nftStart.test(line.text)) this.#open(line, this.parts.nft)
    else if (sectionStart.test(line.text)) this.#open(line, this.parts.settings)
    else return false
    this.parts.links.leave()
    return true
  }

  #open(line: Numbered, block: Numbered[]): void {
    this.#depth = 0
    this.#block = block
    this.#inBlock(line, block)
  }

  /** What commands print about the gateway. */
  #printed(line: Numbered): boolean {
    const { links, routes, rules, proxies, policies, ipsets, secrets, sysctls } = this.parts
    if (links.take(line)) return true
    links.leave()
    if (policies.take(line)) return true
    policies.leave()
    if (proxies.take(line) || routes.take(line)) return true
    if (rules.take(line) || ipsets.take(line.text)) return true
    const target = isSecretLine(line.text) ? secrets : isSysctl(line.text) ? sysctls : undefined
    target?.push(line)
    return target !== undefined
  }

  #command(line: Numbered): void {
    const text = behindPrompt(line.text) ?? line.text
    this.#switched = text === 'fi' ? undefined : (switchedTunnel(text) ?? this.#switched)
    const end = heredocEnd(text)
    if (end !== undefined) this.#begin(end, { path: heredocPath(text), line: line.line })
    const commands = commandsIn(end === undefined ? text : text.slice(0, text.indexOf('<<')))
    const strange = commands.filter((command) => !this.#run(plainCommand(command), line))
    if (strange.length > 0) this.#strange(line)
  }

  /** One command of a script or behind a prompt; false when it is not understood. */
  #run(command: string, line: Numbered): boolean {
    const own = { line: line.line, text: command }
    if (/^\S*ip\s/.test(command) && !/^\S*ip\s+netns\s/.test(command)) return this.#ip(own)
    if (isHarmlessCommand(command)) return true
    if (/^(\S*\/)?ip6?tables(-nft|-legacy)?\s/.test(command)) this.parts.iptables.push(own)
    else if (isSysctl(command)) this.parts.sysctls.push(own)
    else if (/^(\S*\/)?ipset\s/.test(command)) return this.parts.ipsets.take(command)
    else if (/^(\S*\/)?nft\s+\\?['"]?(add|create|insert|delete|destroy|flush)\s/.test(command)) {
      const words = command
        .replace(/^\S+\s+/, '')
        .replace(/\\(.)/g, '$1')
        .replaceAll("'", '')
      this.parts.nft.push({ line: line.line, text: words })
    } else return false
    return true
  }

  #ip(command: Numbered): boolean {
    const taken = routesTakenFrom(command.text.split(/\s+/).slice(1))
    if (taken !== undefined && this.#switched !== undefined) this.parts.switched.set(this.#switched, taken)
    const touches = ipCommand(command, this.parts)
    if (touches !== undefined) this.parts.strange.push({ ...command, touches })
    return true
  }

  #strange(line: Numbered): void {
    // Of what a distribution ships there, `install_routes` matters, which is in doubt where it is not written; keys carry no packets.
    if (/^\s*include\s+\S*(strongswan\.d\/|\.secrets)/.test(line.text)) return
    const touches = /^\s*include\s/.test(line.text) ? 'tunnels' : 'anything'
    this.parts.strange.push({ ...line, touches })
  }
}

/** By how much a line opens more braces than it closes, strings and comments left out. */
function braces(text: string): number {
  let sum = 0
  for (const [found] of text.matchAll(/"(?:[^"\\]|\\.)*"|#.*|[{}]/g)) sum += found === '{' ? 1 : found === '}' ? -1 : 0
  return sum
}
