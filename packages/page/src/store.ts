import { type Given, isNothing, nothing } from './answers/given.ts'
import type { PackedFile, PacketQuestion, PartName, Parts, TracePart } from './answers/parts.ts'
import type { PlaceHelp, WordHelp } from './answers/plan-place.ts'
import type { Sheet } from './answers/sheet.ts'
import type { Told } from './answers/told.ts'
import type { Kept } from './kept.ts'
import type { LiveText } from './live.ts'
import type { Question, Reply } from './worker/messages.ts'

/** What the page shows. */
export interface State {
  readonly given: Given
  /** What was computed last; parts of an older state stay until newer ones come. */
  readonly parts: Partial<Parts>
  /** All parts are of what is given now. */
  readonly isCurrent: boolean
  readonly trace: TracePart | Told | undefined
  readonly help: PlaceHelp | undefined
  /** What the pointer was last on in the plan file. */
  readonly word: WordHelp | undefined
  readonly fault: string | undefined
  readonly live: Live | undefined
  readonly canUndo: boolean
  readonly canRedo: boolean
  readonly keeping: Keeping
}

/** A plan file on this machine. */
interface Live {
  readonly name: string
  /** What it held when that was known last. */
  readonly text: string | undefined
  /** What of it was shown last; it is followed while that is the plan here. */
  readonly shown: string | undefined
  /** Why it is not known what it holds now. */
  readonly problem: string | undefined
}

/** Whether the browser keeps what is given: it cannot, nobody asked it to, it does, or it would not fit. */
type Keeping = 'impossible' | 'no' | 'yes' | 'full'

/** Edits of one field that follow one another so fast are undone together. */
const oneEdit = 800

/** Text in, results out: the only place that holds anything. */
export class Store {
  readonly #startWorker: () => Worker
  readonly #kept: Kept | undefined
  #worker: Worker | undefined
  readonly #listeners = new Set<() => void>()
  #state: State = {
    given: nothing,
    parts: {},
    isCurrent: true,
    trace: undefined,
    help: undefined,
    word: undefined,
    fault: undefined,
    live: undefined,
    canUndo: false,
    canRedo: false,
    keeping: 'no',
  }
  #past: Given[] = []
  #future: Given[] = []
  #lastEdit = { keys: '', at: 0 }
  #first: PartName = 'plan'
  #id = 0
  /** The question whose mapping has not come yet, and whether a newer one waits for it. */
  #asked: number | undefined
  #waits = false
  #takeFiles: (files: readonly PackedFile[]) => void = () => {}
  /** Who waits for a sheet, by the number of the question. */
  readonly #readers = new Map<number, (sheet: Sheet) => void>()

  constructor(startWorker: () => Worker, kept: Kept | undefined) {
    this.#startWorker = startWorker
    this.#kept = kept
    if (!kept) this.#set({ keeping: 'impossible' })
  }

  /** Unpacks what computes, which takes a moment; else the first question does. */
  start(): Worker {
    if (this.#worker) return this.#worker
    const worker = this.#startWorker()
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#take(data)
    worker.onerror = ({ message }) => this.#set({ fault: message || 'the worker could not be started' })
    this.#worker = worker
    return worker
  }

  get state(): State {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Changes what is given, and computes it anew. */
  give(change: Partial<Given>, now = performance.now()): void {
    const keys = Object.keys(change).join()
    const isSameEdit = keys === this.#lastEdit.keys && now - this.#lastEdit.at < oneEdit
    if (!isSameEdit) this.#past.push(this.#state.given)
    this.#lastEdit = { keys, at: now }
    this.#future = []
    this.#change({ ...this.#state.given, ...change })
  }

  /** What can stand at a place of the plan file. */
  askHelp(text: string, at: number): void {
    this.#send({ kind: 'help', id: ++this.#id, text, at })
  }

  /** What stands at a place of the plan file. */
  askWord(text: string, at: number): void {
    this.#send({ kind: 'word', id: ++this.#id, text, at })
  }

  /** All that can be downloaded, made now. */
  files(): Promise<readonly PackedFile[]> {
    return new Promise((resolve) => {
      this.#takeFiles = resolve
      this.#send({ kind: 'files', id: ++this.#id })
    })
  }

  /** What a workbook holds. */
  sheet(name: string, bytes: ArrayBuffer): Promise<Sheet> {
    return new Promise((resolve) => {
      this.#readers.set(++this.#id, resolve)
      this.#send({ kind: 'sheet', id: this.#id, name, bytes })
    })
  }

  /** Goes on with a plan file that was made of two texts. */
  take(plan: string): void {
    this.give({ plan, lock: this.#lock })
  }

  /** Makes a plan file of it in which each site has a gateway to fill in. */
  grow(text: string): void {
    this.#send({ kind: 'gateways', id: ++this.#id, text })
  }

  undo(): void {
    this.#step(this.#past, this.#future)
  }

  redo(): void {
    this.#step(this.#future, this.#past)
  }

  /** What is looked at is computed before the rest. */
  look(first: PartName): void {
    this.#first = first
  }

  ask(packet: PacketQuestion): void {
    this.#send({ kind: 'packet', id: ++this.#id, packet })
  }

  /** Goes on with what the browser keeps, if it does. */
  reopen(): void {
    const given = this.#kept?.read()
    if (!given) return
    this.#set({ keeping: 'yes' })
    this.#change(given)
  }

  /** What a file on this machine holds now: it is shown unless somebody went on with something else. */
  takeLive({ name, text, problem }: LiveText): void {
    const { live, given } = this.#state
    const before = live ?? { name: 'the plan file', text: undefined, shown: undefined }
    const isFollowed = before.shown === undefined ? isNothing(given) : given.plan === before.shown
    const isNews = text !== undefined && isFollowed
    const shown = isNews ? text : before.shown
    if (problem === undefined || problem !== live?.problem)
      this.#set({ live: { name: name ?? before.name, text: text ?? before.text, shown, problem } })
    if (isNews && given.plan !== text) this.give({ plan: text })
  }

  followAgain(): void {
    const { live } = this.#state
    if (live?.text === undefined) return
    this.#set({ live: { ...live, shown: live.text } })
    this.give({ plan: live.text })
  }

  /** Lets the browser keep what is given, now and after each change, or forget it. */
  keep(isWanted: boolean): void {
    this.#set({ keeping: isWanted ? 'yes' : 'no' })
    if (isWanted) this.#keep()
    else this.#kept?.forget()
  }

  /** The numbers that run stay as they are when a plan file is made of running configurations. */
  get #lock(): string | undefined {
    return this.#state.given.lock ?? this.#state.parts.plan?.runningLock
  }

  /** A configuration may hold keys, and is not kept. */
  #keep(): void {
    const { keeping, isCurrent, given, parts } = this.#state
    if (keeping !== 'yes' || !isCurrent) return
    if (parts.plan?.isPrivate) this.#kept?.forget()
    else if (!this.#kept?.write(given)) this.#set({ keeping: 'full' })
  }

  #step(from: Given[], to: Given[]): void {
    const given = from.pop()
    if (!given) return
    to.push(this.#state.given)
    this.#lastEdit = { keys: '', at: 0 }
    this.#change(given)
  }

  #change(given: Given): void {
    const steps = { canUndo: this.#past.length > 0, canRedo: this.#future.length > 0 }
    this.#set({ given, isCurrent: false, fault: undefined, ...steps })
    if (this.#asked === undefined) this.#compute()
    else this.#waits = true
  }

  #compute(): void {
    this.#waits = false
    this.#asked = ++this.#id
    this.#send({ kind: 'given', id: this.#asked, given: this.#state.given, first: this.#first })
  }

  #take(reply: Reply): void {
    if (reply.kind === 'packet') this.#set({ trace: reply.trace })
    else if (reply.kind === 'help') this.#set({ help: reply.help })
    else if (reply.kind === 'word') this.#set({ word: reply.word })
    else if (reply.kind === 'files') this.#takeFiles(reply.files)
    else if (reply.kind === 'sheet') this.#takeSheet(reply.id, reply.sheet)
    else if (reply.kind === 'gateways') this.give({ plan: reply.text, lock: this.#lock })
    else if (reply.kind === 'fault') this.#failed(reply.message)
    else this.#takePart(reply.name, reply.part, reply.isLast)
  }

  #takeSheet(id: number, sheet: Sheet): void {
    this.#readers.get(id)?.(sheet)
    this.#readers.delete(id)
  }

  #takePart(name: PartName, part: Parts[PartName], isLast: boolean): void {
    const isWaiting = name === 'plan' && this.#waits
    if (name === 'plan') this.#asked = undefined
    this.#set({ parts: { ...this.#state.parts, [name]: part }, isCurrent: isLast && !isWaiting && !this.#waits })
    this.#keep()
    if (isWaiting) this.#compute()
  }

  #failed(message: string): void {
    this.#asked = undefined
    this.#set({ fault: message, isCurrent: true })
    if (this.#waits) this.#compute()
  }

  #send(question: Question): void {
    this.start().postMessage(question)
  }

  #set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change }
    for (const listener of this.#listeners) listener()
  }
}
