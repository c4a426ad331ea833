import type { diffToDocument, planToDocument, Table, verifiedToDocument } from '@natplan/app'
import type { Told } from './told.ts'

/** What is known at once: the mapping and what is wrong. */
export interface PlanPart {
  /** The plan file that all of it is about; `undefined` while there is none. */
  readonly text: string | undefined
  readonly findings: readonly Told[]
  /** How texts were read, a line each. */
  readonly notes: readonly string[]
  /** As the command prints it; missing without a plan file. */
  readonly document: ReturnType<typeof planToDocument> | undefined
  readonly overlaps: readonly Table[]
  readonly mapping: readonly Table[]
  readonly sights: readonly Table[]
  readonly changes: readonly Table[]
  /** Names of sites, for what asks for one. */
  readonly sites: readonly string[]
  readonly lock: string | undefined
  /** The lock that the plan was made with, where it was not given: the numbers that run. */
  readonly runningLock: string | undefined
  /** A configuration was given, which may hold keys: it is nothing to send to others. */
  readonly isPrivate: boolean
}

/** What stands in a file, under a heading. */
interface ShownText {
  readonly name: string
  /** Where it stands among all files that are downloaded together. */
  readonly path: string
  readonly text: string
}

export interface GatewayTexts {
  readonly title: string
  readonly texts: readonly ShownText[]
}

export interface GatewaysPart {
  readonly gateways: readonly GatewayTexts[]
  readonly clusters: readonly GatewayTexts[]
  readonly findings: readonly Told[]
}

/** A file of the download. */
export interface PackedFile {
  readonly path: string
  readonly text: string
}

export interface ProofPart {
  /** As the command prints it. */
  readonly document: ReturnType<typeof verifiedToDocument>
  readonly tables: readonly Table[]
  readonly findings: readonly Told[]
}

export interface PicturePart {
  readonly svg: string
}

/** Two running configurations, held against each other as they are. */
export interface RunningPart extends ProofPart {
  readonly texts: readonly { readonly name: string; readonly text: string; readonly marked: readonly MarkedLine[] }[]
}

/** What brings running configurations to the plan. */
export interface MendingPart {
  /** As `natplan diff` prints it; missing without a plan. */
  readonly document: ReturnType<typeof diffToDocument> | undefined
  readonly gateways: readonly MendedGateway[]
  readonly findings: readonly Told[]
}

export interface MendedGateway {
  /** The text that it is of. */
  readonly name: string
  readonly title: string
  /** What is to be entered before: it makes natplan's own what somebody configured by hand. */
  readonly first: string | undefined
  /** What is to be entered; `undefined` where that is not known. */
  readonly lines: string | undefined
  /** What they change, and what was not looked at. */
  readonly says: readonly string[]
}

/** A line that something was found in. */
export interface MarkedLine {
  readonly line: number
  readonly severity: Told['severity']
  readonly message: string
}

/** What is asked about one packet, and what is broken meanwhile. */
export interface PacketQuestion {
  readonly source: string
  readonly destination: string
  readonly proto: string
  readonly tunnelsDown: boolean
  readonly withoutRoutes: boolean
  readonly strictFilter: boolean
}

export interface TracePart {
  readonly isGood: boolean
  readonly title: string
  readonly svg: string
  readonly tables: readonly Table[]
}

/** Everything that is computed of what was given, by name; each is sent when it is there. */
export interface Parts {
  readonly plan: PlanPart
  readonly picture: PicturePart | undefined
  readonly gateways: GatewaysPart | undefined
  readonly proof: ProofPart | undefined
  readonly running: RunningPart | undefined
  readonly mending: MendingPart | undefined
}

export type PartName = keyof Parts
