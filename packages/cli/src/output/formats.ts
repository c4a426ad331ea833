/** How a result is printed. */
export const formats = ['table', 'json', 'yaml', 'markdown'] as const
export type Format = (typeof formats)[number]

/** Of commands whose result is text to enter somewhere. */
export const diffFormats = ['text', 'json', 'yaml'] as const
export type DiffFormat = (typeof diffFormats)[number]
/** For results that may be long or are made for other programs. */
const rowFormats = ['csv', 'ndjson'] as const
export const anyFormats = [...formats, ...rowFormats] as const
export type AnyFormat = (typeof anyFormats)[number]

export function isRowFormat(format: AnyFormat): format is (typeof rowFormats)[number] {
  return format === 'csv' || format === 'ndjson'
}

/** How findings are told. */
export const findingFormats = ['text', 'github', 'sarif'] as const
export type FindingFormat = (typeof findingFormats)[number]
