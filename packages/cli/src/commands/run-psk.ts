import { randomBytes } from 'node:crypto'
import { generateKey, keyBytes } from '@natplan/templates'
import { type Status, status } from '../terminal/status.ts'
import { print } from '../terminal/streams.ts'

export function runPsk(): Status {
  print(`${generateKey(randomBytes(keyBytes))}\n`)
  return status.good
}
