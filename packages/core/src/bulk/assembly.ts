import { moduleText } from './assembly.generated.ts'

interface Place {
  readonly value: number
}

/** What the sources in `packages/core/assembly` export, where it is said what each does. Numbers of type bool are 0 and 1. */
export interface Assembly {
  readonly memory: { readonly buffer: ArrayBuffer }
  readonly rows: Place
  readLines(start: number, stop: number, networks: number, lengths: number, most: number): number
  readonly chunkRows: Place
  readonly idBits: Place
  readonly mostSides: Place
  readonly chunkNetworksAt: Place
  readonly chunkLengthsAt: Place
  readonly offsetsAt: Place
  readonly equalAt: Place
  readonly nestedAt: Place
  readonly flaggedAt: Place
  readonly spareAt: Place
  count(rows: number): void
  prepare(sides: number, rows: number): number
  place(rows: number, side: number, firstRow: number): void
  sort(): void
  beginSweep(rows: number, between: boolean, within: boolean, counting: boolean): void
  sweep(most: number): number
  nest(most: number): number
  readonly walkAt: Place
  readonly walkSize: Place
  readonly pairsAt: Place
  readonly pairsAtOnce: Place
  walk(between: boolean, within: boolean): number
  reserve(size: number): number
  makeDigits(): void
  readonly written: Place
  writePairs(shape: number, start: number, stop: number, most: number, between: boolean, within: boolean): number
}

/** Of what every machine has that runs this, and the language's own library does not tell of. */
declare const atob: (text: string) => string
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

/** Undefined until it is asked for, and null where it cannot be had. */
let compiled: object | null | undefined

/**
 * A new instance with a memory of its own. Undefined where there is no WebAssembly: some pages forbid it, some processors lack what it needs,
 * and then everything is computed by the functions of this folder.
 */
export function newAssembly(): Assembly | undefined {
  if (compiled === undefined) compiled = compile()
  return compiled ? instanceOf(compiled) : undefined
}

/** Whether numbers lie in memory as WebAssembly has them, the lowest byte first: their columns are looked at from both sides. */
const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

function compile(): object | null {
  if (!isLittleEndian) return null
  try {
    return new WebAssembly.Module(bytesOf(moduleText))
  } catch {
    return null
  }
}

function bytesOf(base64: string): Uint8Array {
  // Node.js has something that takes no millisecond.
  const { Buffer } = globalThis as { readonly Buffer?: { from(text: string, encoding: 'base64'): Uint8Array } }
  return Buffer?.from(base64, 'base64') ?? Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

/** Its memory may be refused. */
function instanceOf(module: object): Assembly | undefined {
  try {
    return new WebAssembly.Instance(module).exports as Assembly
  } catch {
    return undefined
  }
}
