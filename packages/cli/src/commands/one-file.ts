import { NatplanError } from '@natplan/core'

/** The file may be named as an argument or with --file, not both. */
export function oneFile(positional: string | undefined, option: string | undefined): string | undefined {
  if (positional !== undefined && option !== undefined) {
    throw new NatplanError('USAGE', `two plan files are given: ${positional} and ${option}`)
  }
  return positional ?? option
}
