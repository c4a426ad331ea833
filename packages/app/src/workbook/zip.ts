import { NatplanError } from '@natplan/core'
import { limits } from '../limits.ts'
import { utf8 } from '../prefixes/bytes.ts'

/** A file in a zip archive, as the directory at the end of the archive lists it. */
interface ZipEntry {
  /** 0: as it is, 8: deflated. */
  readonly method: number
  readonly isEncrypted: boolean
  readonly packedSize: number
  /** Where its own header begins. */
  readonly offset: number
}

/** Unpacks files of a zip archive one by one, up to what an archive may hold. */
export class Zip {
  readonly #name: string
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #entries: ReadonlyMap<string, ZipEntry>
  #unpacked = 0

  /** @throws NatplanError FILE_FORMAT for what is no whole archive */
  constructor(name: string, bytes: Uint8Array) {
    this.#name = name
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#entries = this.#read(() => this.#directory())
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()]
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  /**
   * A file as text; `undefined` when the archive has none of that name.
   * @throws NatplanError FILE_FORMAT, INPUT_TOO_LARGE
   */
  async text(name: string): Promise<string | undefined> {
    const entry = this.#entries.get(name)
    if (!entry) return undefined
    if (entry.isEncrypted)
      throw new NatplanError('FILE_FORMAT', `${this.#name} is encrypted`, { hint: 'save it without a password' })
    const packed = this.#read(() => this.#packed(entry))
    const text = utf8(await this.#unpack(packed, entry))
    return text.startsWith('\ufeff') ? text.slice(1) : text
  }

  #directory(): Map<string, ZipEntry> {
    const end = this.#endRecord()
    const count = this.#view.getUint16(end + 10, true)
    let at = this.#view.getUint32(end + 16, true)
    const entries = new Map<string, ZipEntry>()
    for (let index = 0; index < count; index++) {
      if (this.#view.getUint32(at, true) !== signatures.listed) throw new RangeError('no entry')
      const [nameLength, extra, comment] = [28, 30, 32].map((field) => this.#view.getUint16(at + field, true))
      const nameEnd = at + 46 + (nameLength ?? 0)
      entries.set(utf8(this.#bytes.subarray(at + 46, nameEnd)), {
        method: this.#view.getUint16(at + 10, true),
        isEncrypted: (this.#view.getUint16(at + 8, true) & 1) !== 0,
        packedSize: this.#view.getUint32(at + 20, true),
        offset: this.#view.getUint32(at + 42, true),
      })
      at = nameEnd + (extra ?? 0) + (comment ?? 0)
    }
    return entries
  }

  /** It stands at the end, in front of a comment of up to 64 KiB. */
  #endRecord(): number {
    const first = Math.max(0, this.#bytes.length - 22 - 65_535)
    for (let at = this.#bytes.length - 22; at >= first; at--)
      if (this.#view.getUint32(at, true) === signatures.end) return at
    throw new RangeError('no end')
  }

  #packed({ offset, packedSize }: ZipEntry): Uint8Array {
    if (this.#view.getUint32(offset, true) !== signatures.entry) throw new RangeError('no entry')
    const start = offset + 30 + this.#view.getUint16(offset + 26, true) + this.#view.getUint16(offset + 28, true)
    if (start + packedSize > this.#bytes.length) throw new RangeError('cut')
    return this.#bytes.subarray(start, start + packedSize)
  }

  async #unpack(packed: Uint8Array, { method }: ZipEntry): Promise<Uint8Array> {
    if (method !== 0 && method !== 8) throw this.#damaged(`it is packed in a way (${method}) that is not known`)
    const pieces: Uint8Array[] = []
    try {
      for await (const piece of method === 0 ? [packed] : inflated(packed)) {
        this.#unpacked += piece.length
        if (this.#unpacked > limits.workbookBytes.most) throw this.#tooLarge()
        pieces.push(piece)
      }
    } catch (error) {
      throw error instanceof NatplanError ? error : this.#damaged('it is damaged; copy it again', error)
    }
    return joined(pieces)
  }

  /** Numbers that lead out of the file are those of a file that was cut or made up. */
  #read<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof RangeError) throw this.#damaged('it is damaged; copy it again', error)
      throw error
    }
  }

  #damaged(hint: string, cause?: unknown): NatplanError {
    return new NatplanError('FILE_FORMAT', `${this.#name} is not a valid zip archive`, {
      hint,
      ...(cause ? { cause } : {}),
    })
  }

  #tooLarge(): NatplanError {
    const most = limits.workbookBytes.most / 1024 / 1024
    return new NatplanError('INPUT_TOO_LARGE', `${this.#name} unpacks to more than ${most} MiB`, {
      hint: 'is this the right file? export the sheet as CSV, which may have any length',
    })
  }
}

const signatures = { entry: 0x04034b50, listed: 0x02014b50, end: 0x06054b50 }

async function* inflated(packed: Uint8Array): AsyncGenerator<Uint8Array> {
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
  const reader = stream.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
