import { Prefix } from '../address/prefix.ts'

/** All addresses of a family. */
export const everything = { 4: Prefix.parse('0.0.0.0/0'), 6: Prefix.parse('::/0') } as const
