import { NatplanError } from '@natplan/core'

/** Kinds of files that hold a table or a text inside, by their first bytes. */
const otherKinds = [
  {
    magic: [0x50, 0x4b, 0x03, 0x04],
    kind: 'a zip archive or a workbook',
    hint: 'export the sheet as CSV, or unpack it',
  },
  {
    magic: [0xd0, 0xcf, 0x11, 0xe0],
    kind: 'an old workbook (.xls), or one with a password',
    hint: 'save it as .xlsx without a password, or export the sheet as CSV',
  },
  { magic: [0x28, 0xb5, 0x2f, 0xfd], kind: 'zstd-compressed', hint: 'zstd -dc FILE | natplan ... -' },
  { magic: [0xfd, 0x37, 0x7a, 0x58], kind: 'xz-compressed', hint: 'xz -dc FILE | natplan ... -' },
  { magic: [0x42, 0x5a, 0x68], kind: 'bzip2-compressed', hint: 'bzip2 -dc FILE | natplan ... -' },
  { magic: [0x25, 0x50, 0x44, 0x46], kind: 'a PDF document', hint: 'copy its text into a file, and use --extract' },
] as const

/** @throws NatplanError FILE_FORMAT for a file that is no text by its first bytes */
export function refusePacked(head: Uint8Array, name: string): void {
  const other = otherKinds.find(({ magic }) => magic.every((byte, index) => head[index] === byte))
  if (other) throw new NatplanError('FILE_FORMAT', `${name} is ${other.kind}`, { hint: other.hint })
}
