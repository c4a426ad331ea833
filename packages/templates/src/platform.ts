import type {
  Abilities,
  Address,
  EspProposal,
  ExistingConfig,
  Finding,
  GatewayPolicy,
  IkeProposal,
  ParsedPolicy,
  Place,
  Platform,
  Prefix,
} from '@natplan/core'
import type { Comparer } from './difference.ts'
import type { Secret } from './secret.ts'

/** What a platform can hold, beside what policies depend on (`abilities` of core). */
export interface Capabilities extends Abilities {
  /** Pre-shared keys: what they may consist of, in words and as a pattern, and how long they may be. */
  readonly keys: KeyRule
  /** Words for the way to confirm a commit, or `undefined` when the device has none that works in a script. */
  readonly commitConfirm: string | undefined
  /** What a firewall on this gateway sees of packets for and from a peer. */
  readonly firewallSees: FirewallView
}

/** What a platform folder says itself. */
export type OwnCapabilities = Omit<Capabilities, keyof Abilities>

export interface KeyRule {
  readonly pattern: RegExp
  readonly words: string
  readonly maxLength: number
}

/** Whether rules of the gateway's own firewall meet the gateway's own subnets under real or translated addresses. */
export interface FirewallView {
  readonly outgoing: 'real' | 'translated'
  readonly incoming: 'real' | 'translated'
  /** On which interface such packets come in and go out, for people. */
  readonly where: string
}

/** The texts of a platform's templates by name; a user's own replace single ones. */
export type TemplateTexts = Readonly<Record<string, string>>

export interface RenderOptions {
  /** The pre-shared keys by peer. A peer without one gets a comment in place of the key, and the device refuses to commit. */
  readonly secrets: ReadonlyMap<string, Secret>
  /** Texts that replace templates of the platform, by template name (`configure`, `remove`, `check`, …). */
  readonly overrides?: TemplateTexts
}

/** What a gateway gets; each text ends with a line break. */
export interface Texts {
  readonly configure: string
  readonly remove: string
  readonly check: string
  /** Files that `configure` refers to, on platforms whose configuration is files. */
  readonly files: readonly RenderedFile[]
  /** Whether `configure` holds a pre-shared key. */
  readonly holdsSecret: boolean
}

export interface RenderedFile {
  readonly name: string
  readonly text: string
  readonly holdsSecret: boolean
}

/** `texts` is missing when a finding is an error. */
export interface Rendering {
  readonly texts: Texts | undefined
  readonly findings: readonly Finding[]
}

/** A line inside a tree that natplan must understand, but does not. */
export interface NotUnderstood {
  /** Counted from 1. */
  readonly line: number
  readonly text: string
}

/** All offers of a tunnel, as the device makes them: by number. The first ones are those of its policy. */
export interface Offers {
  readonly ike: readonly IkeProposal[]
  readonly esp: readonly EspProposal[]
  /** No offer was left out because natplan does not know one of its algorithms. */
  readonly isWhole: boolean
}

/** An address that a configuration or a command gives to an interface. */
export interface InterfaceAddress {
  /** `eth1`, `eth1.100`, `vti0`. */
  readonly interface: string
  readonly address: Address
  /** The network that is connected with it. */
  readonly prefix: Prefix
}

/**
 * Holds what `ExistingConfig` of core wants: what `split` gives to others can be given to `checkExisting` as it is. An end of a tunnel whose address the
 * configuration leaves open (`any`, a name, DHCP) has the address 0.0.0.0, and the identity `%any` where it says none.
 */
export interface Parsed extends Pick<ExistingConfig, 'usedNumbers' | 'otherRoutes'> {
  readonly policy: ParsedPolicy
  /** The line, counted from 1, on which the very rules, tunnels, selectors, routes, clamps and interfaces of `policy` begin. */
  readonly lines: ReadonlyMap<object, number>
  /** The pre-shared keys that the text shows, by tunnel; one that is masked or in another encoding is left out. */
  readonly keys: ReadonlyMap<string, Secret>
  /** By tunnel. */
  readonly proposals: ReadonlyMap<string, Offers>
  readonly addresses: readonly InterfaceAddress[]
  /** By line. */
  readonly notUnderstood: readonly NotUnderstood[]
  readonly findings: readonly Finding[]
}

/** One configuration language: one folder under `platforms`. */
export interface PlatformModule {
  readonly platform: Platform
  readonly capabilities: Capabilities
  /** The platform's own templates. */
  readonly templates: TemplateTexts
  render(policy: GatewayPolicy, options: RenderOptions): Rendering
  /** A file to run on the device: checks, confirms where the platform can, applies, saves. `undefined` when there is no such form. */
  script(text: string, kind: 'configure' | 'remove'): string | undefined
  /** Reads a configuration, natplan's own or anybody's. `undefined` when the platform's text cannot be read back. */
  parse: ((text: string) => Parsed) | undefined
  /** `undefined` when the platform's text cannot be read back. */
  readonly compare: Comparer | undefined
  /** Findings about a key on this platform, which show nothing of the key. */
  checkKey(key: Secret, place: Place): Finding[]
}
