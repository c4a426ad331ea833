/** One entry of an archive that the kernel unpacks as its first file system. */
export interface Entry {
  /** Without a slash at the beginning. */
  readonly path: string
  readonly mode: number
  readonly data: Uint8Array
}

export const directoryMode = 0o040755
export const linkMode = 0o120777
export const fileMode = 0o100644
export const programMode = 0o100755

/** Makes a cpio archive of the form `newc` (the kernel's Documentation/driver-api/early-userspace/buffer-format.rst). */
export function archive(entries: readonly Entry[]): Buffer {
  const end: Entry = { path: 'TRAILER!!!', mode: 0, data: new Uint8Array() }
  return Buffer.concat([...entries, end].flatMap((entry, index) => record(entry, index + 1)))
}

function record({ path, mode, data }: Entry, number: number): Buffer[] {
  const name = Buffer.from(`${path}\0`)
  // Inode, mode, owner, group, links, time, size, four device numbers, length of the name, checksum.
  const fields = [number, mode, 0, 0, 1, 0, data.length, 0, 0, 0, 0, name.length, 0]
  const header = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`)
  return [padded(Buffer.concat([header, name])), padded(data)]
}

/** Everything begins at a multiple of four bytes. */
function padded(data: Uint8Array): Buffer {
  return Buffer.concat([data, new Uint8Array((4 - (data.length % 4)) % 4)])
}
