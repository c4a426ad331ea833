import type { Given } from '../answers/given.ts'
import type { PackedFile, PacketQuestion, PartName, Parts, TracePart } from '../answers/parts.ts'
import type { PlaceHelp, WordHelp } from '../answers/plan-place.ts'
import type { Sheet } from '../answers/sheet.ts'
import type { Told } from '../answers/told.ts'

/** What the page asks: all about what was given, beginning with what is looked at, or about one packet in it. */
export type Question =
  | { readonly kind: 'given'; readonly id: number; readonly given: Given; readonly first: PartName }
  | { readonly kind: 'packet'; readonly id: number; readonly packet: PacketQuestion }
  | { readonly kind: 'gateways'; readonly id: number; readonly text: string }
  | { readonly kind: 'files'; readonly id: number }
  | { readonly kind: 'sheet'; readonly id: number; readonly name: string; readonly bytes: ArrayBuffer }
  | { readonly kind: 'help'; readonly id: number; readonly text: string; readonly at: number }
  | { readonly kind: 'word'; readonly id: number; readonly text: string; readonly at: number }

export type PartReply = {
  readonly [Name in PartName]: {
    readonly kind: 'part'
    readonly id: number
    readonly name: Name
    readonly part: Parts[Name]
    /** Everything about this state is there. */
    readonly isLast: boolean
  }
}[PartName]

export type Reply =
  | PartReply
  | { readonly kind: 'packet'; readonly id: number; readonly trace: TracePart | Told | undefined }
  | { readonly kind: 'gateways'; readonly id: number; readonly text: string }
  | { readonly kind: 'files'; readonly id: number; readonly files: readonly PackedFile[] }
  | { readonly kind: 'sheet'; readonly id: number; readonly sheet: Sheet }
  | { readonly kind: 'help'; readonly id: number; readonly help: PlaceHelp }
  | { readonly kind: 'word'; readonly id: number; readonly word: WordHelp | undefined }
  /** A fault of natplan's own. */
  | { readonly kind: 'fault'; readonly id: number; readonly message: string }
