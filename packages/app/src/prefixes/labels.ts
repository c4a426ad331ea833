import { utf8, utf8Bytes } from './bytes.ts'

/** Further bytes are not kept. */
const mostBytes = 64 * 1024 * 1024

/** What prefixes are called, by the numbers of their rows: kept as bytes, since of a million hardly a hundred are shown. */
export class Labels {
  #bytes = new Uint8Array(1024)
  #used = 0
  /** Where the label of a row begins, plus one; 0 for none. */
  #starts = new Uint32Array(256)

  /** None is kept. */
  get isEmpty(): boolean {
    return this.#used === 0
  }

  get(row: number): string | undefined {
    const start = this.#starts[row] ?? 0
    return start === 0 ? undefined : utf8(this.#bytes.subarray(start - 1, this.#bytes.indexOf(end, start - 1)))
  }

  /** The same bytes for several rows stand there once. */
  set(rows: { readonly from: number; readonly to: number }, label: Uint8Array | string): void {
    const bytes = typeof label === 'string' ? utf8Bytes(label) : label
    if (bytes.length === 0 || this.#used + bytes.length > mostBytes) return
    this.#grow(bytes.length + 1, rows.to)
    this.#starts.fill(this.#used + 1, rows.from, rows.to)
    this.#bytes.set(bytes, this.#used)
    this.#used += bytes.length
    this.#bytes[this.#used++] = end
  }

  #grow(by: number, rows: number): void {
    if (this.#used + by > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#used + by))
      larger.set(this.#bytes.subarray(0, this.#used))
      this.#bytes = larger
    }
    if (rows > this.#starts.length) {
      const larger = new Uint32Array(2 * rows)
      larger.set(this.#starts)
      this.#starts = larger
    }
  }
}

/** No byte of UTF-8. */
const end = 0xff
