import { randomBytes } from 'node:crypto'
import { generateKey, keyBytes } from '@natplan/templates'
import { type Status, status } from '../status.ts'

export function runPsk(): Status {
  process.stdout.write(`${generateKey(randomBytes(keyBytes))}\n`)
  return status.good
}
