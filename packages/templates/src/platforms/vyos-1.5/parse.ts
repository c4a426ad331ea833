import type { Parsed } from '../../platform.ts'
import { parseVyatta } from '../../vyatta/parse.ts'
import { dialect } from './view.ts'

/** Reads a configuration of vyos-1.5: `set` lines, dumps, `config.boot`. */
export function parse(text: string): Parsed {
  return parseVyatta(text, dialect)
}
