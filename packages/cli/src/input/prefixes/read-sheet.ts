import { readWorkbook, unreadSheets } from '@natplan/app'

/** A sheet of a workbook, and what was not read of it. */
interface Sheet {
  readonly name: string
  readonly text: string
  readonly notes: readonly string[]
}

/** A module of its own, so that what reads workbooks is loaded for them alone. */
export async function readSheet(name: string, bytes: Uint8Array, sheet: string | undefined): Promise<Sheet> {
  const { unread, ...table } = await readWorkbook(name, bytes, sheet)
  return { ...table, notes: unreadSheets(unread, '--sheet NAME reads one') }
}
