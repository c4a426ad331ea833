import { randomBytes } from 'node:crypto'
import { generateKey, keyBytes } from '@natplan/templates'
import { print } from '../terminal/streams.ts'
import { type Status, status } from './status.ts'

export function runPsk(): Status {
  print(`${generateKey(randomBytes(keyBytes))}\n`)
  return status.good
}
