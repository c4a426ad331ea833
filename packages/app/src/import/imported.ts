import type { Address, Finding, Lock, Path, Platform, Prefix, WrittenNetwork } from '@natplan/core'
import type { TextPieces } from '../prefixes/text-pieces.ts'
import type { Said } from './said.ts'

/** Something that was given to be imported. */
export interface Given {
  /** The site that it is said to be of; many sources name their sites themselves. */
  readonly site: string | undefined
  /** The language that a configuration is said to be in. */
  readonly platform: Platform | undefined
  readonly text: TextPieces
}

/** How sources are read, as far as they do not say it themselves. */
export interface ImportChoice {
  /** Whether networks of exports become subnets of sites or their reserved space. */
  readonly as: 'site' | 'reserved' | undefined
  /** Which columns of a table hold what, as in `site=Branch`. */
  readonly columns: ReadonlyMap<string, readonly string[]>
  /** Lists are any text with prefixes in it, whatever they look like. */
  readonly extract?: boolean | undefined
}

/** Why a value stands in the plan, and where that was read. */
export interface Reason {
  /** The value, from the top of the plan file. */
  readonly path: Path
  /** What follows "because", on one line: `it is behind a selector of peer OFFICE`. */
  readonly text: string
  readonly file: string
  readonly line?: number
}

/** What was read and does not stand in the plan. */
export interface LeftOut {
  /** In the plural, with why: `link-local addresses, which no site owns`. */
  readonly what: string
  readonly count: number
  readonly file: string
  /** The line of the first one. */
  readonly line?: number
}

/** A route that nodes of a site have towards a peer, made by hand. */
export interface NodeRoute {
  readonly site: string
  readonly prefix: Prefix
  readonly said: Said
}

/** A name of a host, and one of its addresses. */
export interface NamedHost {
  /** The site that it is said to be of; else the one that has its address. */
  readonly site: string | undefined
  readonly name: string
  readonly address: Address
  readonly said: Omit<Said, 'value'>
}

/** A site of which only the address of its gateway is known; a site whose gateway has that address is the same. */
export interface PeerEnd {
  readonly site: string
  readonly address: string
  /** The site has a gateway that was made up of what its peer says. */
  readonly isMadeUp?: true
}

/** The lines that make what others configured on a gateway natplan's own, without changing what it does. */
export interface Adoption {
  readonly site: string
  readonly platform: Platform
  readonly lines: readonly string[]
}

/** What sources say, as the plan file that somebody would have written of them. */
export interface Imported {
  readonly network: Omit<WrittenNetwork, 'version'>
  readonly reasons: readonly Reason[]
  readonly leftOut: readonly LeftOut[]
  /** How texts were read where that was guessed, a line each. */
  readonly notes?: readonly string[]
  /** Positions are those of the sources: place.source is `config` or `input`, with file and line. */
  readonly findings: readonly Finding[]
  /** What nodes call peers by; the plan as a whole says whether it knows them. */
  readonly routes?: readonly NodeRoute[]
  readonly ends?: readonly PeerEnd[]
  /** Names of hosts; the plan as a whole says at which site they are. */
  readonly hosts?: readonly NamedHost[]
  /** What the lock beside the plan must hold, so that what runs is not numbered anew; missing where nothing has numbers. */
  readonly lock?: Lock
  /** What makes things on gateways natplan's own; missing where there is nothing of the kind. */
  readonly adoptions?: readonly Adoption[]
}

/** What is known of a text before it is read; `text` is its begin. */
interface Head extends Pick<Given, 'site' | 'platform'> {
  readonly name: string
  readonly text: string
}

/** One kind of thing that people have: the only place that knows its form. */
export interface Source {
  /** One word, for messages: `kubectl`. */
  readonly name: string
  /** What it is and how people get it: `kubectl get nodes -o json`. */
  readonly about: string
  /** Reports whether a text is of this kind. */
  recognises(head: Head): boolean
  /** Reads all that was given of this kind, since one text may say what another one means. */
  read(given: readonly Given[], choice: ImportChoice): Promise<Imported>
}
