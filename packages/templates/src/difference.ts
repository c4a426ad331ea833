import type { Accept, Finding, GatewayPolicy } from '@natplan/core'
import type { ReadDevice } from './read-device.ts'
import type { OwnTemplates } from './render-templates.ts'
import type { Secret } from './secret.ts'

/** Kinds of things on a device that natplan makes; `setting` is one that tunnels of others may use too. */
export type OwnKind = 'setting' | 'vrf' | 'interface' | 'key' | 'group' | 'tunnel' | 'rule' | 'route' | 'file'

/** One step from a running configuration to a policy. */
export interface Operation {
  /** `replace` puts a file in place of another; `run` is a command. */
  readonly kind: 'set' | 'delete' | 'replace' | 'run'
  readonly object: {
    readonly kind: OwnKind
    readonly name: string
    readonly change: 'added' | 'changed' | 'removed'
  }
  /** The words behind `set` or `delete`, or the path of a file; never a key. */
  readonly path: readonly string[]
  /** `missing`: it is not there; `differs`: it is there with another value; `surplus`: the plan does not have it. */
  readonly reason: 'missing' | 'differs' | 'surplus'
  /** What to enter, each line with its end. A comment where a key is not shown. */
  readonly text: string
}

/** What comparing the key of one tunnel gave. */
export interface KeyOutcome {
  readonly peer: string
  readonly outcome: 'same' | 'differs' | 'missing' | 'not compared'
}

/** All steps, in the order in which they are to be entered; none when the gateway does what the policy says. */
export interface Difference {
  readonly operations: readonly Operation[]
  readonly keys: readonly KeyOutcome[]
  readonly findings: readonly Finding[]
}

/** A running configuration in two. */
export interface Shares {
  readonly own: ReadDevice
  /** What natplan did not make. */
  readonly others: ReadDevice
}

export interface DiffOptions {
  /** Those that are known, by peer: to compare with. */
  readonly secrets: ReadonlyMap<string, Secret>
  /** Whether they may be written. */
  readonly showSecrets: boolean
  readonly overrides?: OwnTemplates
  /** The rules that filters of others need for the tunnels. */
  readonly accepts?: readonly Accept[]
}

/** What of a running configuration does what a policy wants, under other names. */
export interface Adopted {
  readonly site: string
  /** Where the configuration was read. */
  readonly file: string
  /** By the line where they begin, with the virtual interface that natplan has for them. */
  readonly tunnels: readonly {
    readonly peer: string
    readonly line: number | undefined
    readonly through: string | undefined
  }[]
  /** With the number that they have on the device, where it has numbers, and the number and description that natplan's have. */
  readonly rules: readonly {
    readonly direction: 'source' | 'destination'
    readonly number: number | undefined
    readonly line: number | undefined
    readonly wanted: number
    readonly description: string
  }[]
}

/** What a platform needs so that a running configuration can be brought to a policy. */
export interface Comparer {
  split(text: string, policy: Pick<GatewayPolicy, 'interfaces' | 'routes' | 'tunnels'>): Shares
  /** Touches nothing that `split` gives to others. An error finding means that there are no operations. */
  diff(text: string, policy: GatewayPolicy, options: DiffOptions): Difference
  /** What takes everything of natplan off a gateway whose site is in no plan any more, or only its rules in filters of others. */
  takeOff(text: string, site: string, only?: 'filters'): Difference
  /** The lines that make what others configured natplan's own, or that put natplan's in its place. */
  adopt(text: string, what: Adopted): readonly string[]
}
