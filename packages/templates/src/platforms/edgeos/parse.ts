import type { Parsed } from '../../platform.ts'
import { parseVyatta } from '../../vyatta/parse.ts'
import { dialect } from './view.ts'

/** Reads a configuration of edgeos: `set` lines, dumps, `config.boot`. */
export function parse(text: string): Parsed {
  return parseVyatta(text, dialect)
}
