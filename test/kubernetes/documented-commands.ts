import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../support/command.ts'

/** The shell blocks of a page, as somebody would paste them. */
export function shellBlocks(page: string): string[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8')
  return [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
}

/** What a page names as a command within its sentences. */
export function namedCommands(page: string): string[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8')
  return [...text.matchAll(/`((?:kubectl|natplan kubernetes|sh) [^`]+)`/g)].map(([, command = '']) => command)
}
