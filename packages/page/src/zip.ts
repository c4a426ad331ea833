/** Files packed together as ZIP, stored as they are: texts of a plan are small. */
export function zipOf(files: readonly { readonly path: string; readonly text: string }[]): Blob {
  const encoder = new TextEncoder()
  const locals: Uint8Array<ArrayBuffer>[] = []
  const entries: Uint8Array<ArrayBuffer>[] = []
  let at = 0
  for (const { path, text } of files) {
    const [name, data] = [encoder.encode(path), encoder.encode(text)]
    const about = { name, size: data.length, sum: checksum(data) }
    const local = header(0x04034b50, about)
    locals.push(local, name, data)
    entries.push(header(0x02014b50, { ...about, at }), name)
    at += local.length + name.length + data.length
  }
  const size = entries.reduce((sum, { length }) => sum + length, 0)
  return new Blob([...locals, ...entries, end(files.length, size, at)], { type: 'application/zip' })
}

interface Entry {
  readonly name: Uint8Array
  readonly size: number
  readonly sum: number
  /** Where the file begins; only in the list at the end. */
  readonly at?: number
}

/** Names are UTF-8; the date is the first that the format has, so that the same files give the same bytes. */
const flags = 0x0800
const firstDate = 0x0021

function header(signature: number, { name, size, sum, at }: Entry): Uint8Array<ArrayBuffer> {
  const isListed = at !== undefined
  const view = new DataView(new ArrayBuffer(isListed ? 46 : 30))
  view.setUint32(0, signature, true)
  if (isListed) view.setUint16(4, 20, true)
  const from = isListed ? 6 : 4
  view.setUint16(from, 20, true)
  view.setUint16(from + 2, flags, true)
  view.setUint16(from + 8, firstDate, true)
  view.setUint32(from + 10, sum, true)
  view.setUint32(from + 14, size, true)
  view.setUint32(from + 18, size, true)
  view.setUint16(from + 22, name.length, true)
  if (isListed) view.setUint32(42, at, true)
  return new Uint8Array(view.buffer)
}

function end(count: number, size: number, at: number): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(22))
  view.setUint32(0, 0x06054b50, true)
  view.setUint16(8, count, true)
  view.setUint16(10, count, true)
  view.setUint32(12, size, true)
  view.setUint32(16, at, true)
  return new Uint8Array(view.buffer)
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? 0xedb88320 ^ (sum >>> 1) : sum >>> 1
  return sum
})

/** CRC-32 of ISO 3309, as ZIP has it. */
function checksum(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) sum = (table[(sum ^ byte) & 255] ?? 0) ^ (sum >>> 8)
  return (sum ^ 0xffffffff) >>> 0
}
