import type { Gateway, Outside } from './network.ts'

/** All ends of a gateway that peers may send to, the first one first. */
export function outsidesOf({ outside, uplinks }: Gateway): readonly Outside[] {
  return [outside, ...uplinks.values()]
}
