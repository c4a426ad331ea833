import { crc32, deflateRawSync } from 'node:zlib'

interface Packed {
  readonly flags?: number
  readonly method?: number
}

/** A zip archive of these files, as small as the format allows. */
export function zipOf(
  files: Readonly<Record<string, string | Buffer>>,
  { flags = 0, method = 8 }: Packed = {},
): Buffer {
  const pieces: Buffer[] = []
  const listed: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(files)) {
    const data = Buffer.from(content as string)
    const packed = method === 8 ? deflateRawSync(data, { level: 9 }) : data
    const fields = fieldsOf({ flags, method, packed: packed.length, size: data.length, crc: crc32(data), name })
    pieces.push(Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), packed)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(offset, 10)
    listed.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), fields, rest, Buffer.from(name))
    offset += 30 + Buffer.byteLength(name) + packed.length
  }
  const directory = Buffer.concat(listed)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(Object.keys(files).length, 4)
  end.writeUInt16LE(Object.keys(files).length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...pieces, directory, Buffer.from('PK\u0005\u0006'), end])
}

interface Fields extends Required<Packed> {
  readonly packed: number
  readonly size: number
  readonly crc: number
  readonly name: string
}

function fieldsOf({ flags, method, packed, size, crc, name }: Fields): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(flags, 2)
  fields.writeUInt16LE(method, 4)
  fields.writeUInt32LE(crc, 10)
  fields.writeUInt32LE(packed, 14)
  fields.writeUInt32LE(size, 18)
  fields.writeUInt16LE(Buffer.byteLength(name), 22)
  return fields
}
