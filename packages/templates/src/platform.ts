import type { Abilities, Accept, Clamp, Finding, GatewayPolicy, Place, Platform } from '@natplan/core'
import type { Comparer } from './difference.ts'
import type { FilterWords } from './filter-words.ts'
import type { ReadDevice } from './read-device.ts'
import type { OwnTemplates, Templates } from './render-templates.ts'
import type { Secret } from './secret.ts'

/** What a platform can hold, beside what policies depend on (`abilities` of core). */
export interface Capabilities extends Abilities {
  /** Pre-shared keys: what they may consist of, in words and as a pattern, and how long they may be. */
  readonly keys: KeyRule
  /** What is typed around lines that are entered by hand; `undefined` where nothing is. */
  readonly session: Session | undefined
  /** What the limit of the segment size meets, in words; empty where natplan sets none. */
  readonly clampMeets: string
  /** What a firewall on this gateway sees of packets for and from a peer. */
  readonly firewallSees: FirewallView
  readonly filterWords: FilterWords
  /** Who enters what, in words, where it is not a device that runs a file. */
  readonly entering?: (site: string) => string
}

/** What a platform folder says itself. */
export type OwnCapabilities = Omit<Capabilities, keyof Abilities>

export interface Session {
  readonly begin: readonly string[]
  /** Looks at the change and applies it so that the device takes it back by itself. */
  readonly apply: readonly string[]
  /** Once it works: stays, also after a restart. */
  readonly keep: readonly string[]
}

/** How a file with the commands is run on the device. */
export interface Running {
  /** The lines to enter, one after the other, for a file of that name. */
  commands(file: string): readonly string[]
  /** What the file does with the change, in words. */
  readonly effect: string
}

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

export interface RenderOptions {
  /** The pre-shared keys by peer. A peer without one gets a comment in place of the key, and the device refuses to commit. */
  readonly secrets: ReadonlyMap<string, Secret>
  /** What replaces templates of the platform, by template name (`configure`, `remove`, `check`, …). */
  readonly overrides?: OwnTemplates
  /** The gateway's running configuration is known, so that nothing needs to be said of filters that it may have. */
  readonly isRunning?: boolean
  /** The segment sizes that the gateway has while natplan's are not there yet; missing when its configuration is not known. */
  readonly former?: readonly Clamp[] | undefined
}

/** What a gateway gets; each text ends with a line break. */
export interface Texts {
  readonly configure: string
  readonly remove: string
  readonly check: string
  /** Files that `configure` refers to, on platforms whose configuration is files. */
  readonly files: readonly RenderedFile[]
}

export interface RenderedFile {
  readonly name: string
  readonly text: string
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

/** A rule that lets packets of a tunnel pass a filter. */
export interface AcceptLines {
  readonly accept: Accept
  /** What to enter; a comment where natplan cannot name the place. */
  readonly lines: readonly string[]
}

/** One configuration language: one folder under `platforms`. */
export interface PlatformModule {
  readonly platform: Platform
  readonly capabilities: Capabilities
  /** The platform's own templates. */
  readonly templates: Templates
  render(policy: GatewayPolicy, options: RenderOptions): Rendering
  /** A file to run on the device: checks, confirms where the platform can, applies, saves. `undefined` when there is no such form. */
  script(text: string, kind: 'configure' | 'remove'): string | undefined
  /** How such a file is run; `undefined` when there is no such form. */
  readonly running: Running | undefined
  /** Reads a gateway as it is, natplan's own or anybody's. `undefined` when the platform's text cannot be read back. */
  readonly readDevice: ((text: string) => ReadDevice) | undefined
  /** The lines for rules that are missing in filters; `undefined` where natplan writes none. */
  readonly acceptLines: ((accepts: readonly Accept[]) => AcceptLines[]) | undefined
  /** The rules among the lines of `render` that sets of the gateway's own firewall get, because the plan names them. */
  plannedAccepts(policy: GatewayPolicy): Accept[]
  /** `undefined` when the platform's text cannot be read back. */
  readonly compare: Comparer | undefined
  /** Findings about a key on this platform, which show nothing of the key. */
  checkKey(key: Secret, place: Place): Finding[]
}
