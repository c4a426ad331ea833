import { createHmac, randomBytes } from 'node:crypto'
import type { Secret } from '@natplan/templates'

/**
 * Makes digests of keys that can be compared with each other and with nothing else: the salt is random and forgotten when the command
 * ends, so a digest that leaks says nothing about a key.
 */
export function keyDigester(): (keys: ReadonlyMap<string, Secret>) => Map<string, string> {
  const salt = randomBytes(32)
  const digest = (key: Secret) => createHmac('sha256', salt).update(key.reveal()).digest('base64')
  return (keys) => new Map([...keys].map(([tunnel, key]) => [tunnel, digest(key)]))
}
