import { styleText } from 'node:util'
import type { Terminal } from '@natplan/app'
import { mayBeTerminal } from './streams.ts'

/** Colours only on a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb forbids or FORCE_COLOR demands them. */
function terminalOf(name: 'stdout' | 'stderr'): Terminal {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  const stream = mayBeTerminal(name) ? process[name] : undefined
  const isTerminal = stream?.isTTY === true
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && FORCE_COLOR !== ''
  const coloured = !NO_COLOR && (forced || (isTerminal && TERM !== 'dumb'))
  return {
    width: stream && isTerminal ? Math.max(stream.columns || 80, 20) : Number.POSITIVE_INFINITY,
    isTerminal,
    paint: (style, text) => (coloured ? styleText(style, text, { validateStream: false }) : text),
  }
}

export const standardOutput: Terminal = terminalOf('stdout')
export const standardError: Terminal = terminalOf('stderr')
