import { type Code, codes } from '../codes.ts'
import type { CodeEntry } from './code-entry.ts'

// The builds of the command and the page put the words themselves here, without what is to be said of each code.

/** How bad each problem is. */
export const severities = Object.fromEntries(
  Object.entries(codes).map(([code, { severity }]) => [code, severity]),
) as Readonly<Record<Code, CodeEntry['severity']>>
