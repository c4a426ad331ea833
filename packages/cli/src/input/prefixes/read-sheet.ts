import { readWorkbook, type SheetTable } from '@natplan/app'

/** A module of its own, so that what reads workbooks is loaded for them alone. */
export function readSheet(name: string, bytes: Uint8Array, sheet: string | undefined): Promise<SheetTable> {
  return readWorkbook(name, bytes, sheet)
}
