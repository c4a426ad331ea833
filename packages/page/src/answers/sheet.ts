import { readWorkbook, unreadSheets } from '@natplan/app'
import { NatplanError } from '@natplan/core'

/** What a workbook holds as the text of a box, and what is to be said of it. */
export interface Sheet {
  /** `undefined` for what is no workbook. */
  readonly text: string | undefined
  readonly said: string
}

export async function sheetOf(name: string, bytes: ArrayBuffer): Promise<Sheet> {
  try {
    const { name: table, text, unread } = await readWorkbook(name, new Uint8Array(bytes), undefined)
    return {
      text,
      said: [`${table} was read`, ...unreadSheets(unread, 'save one of them as CSV to read it')].join('; '),
    }
  } catch (error) {
    if (!(error instanceof NatplanError)) throw error
    return { text: undefined, said: [error.message, ...(error.hint === undefined ? [] : [error.hint])].join(': ') }
  }
}
