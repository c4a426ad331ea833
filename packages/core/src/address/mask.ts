import { parseIpv4 } from './bits.ts'

/** The prefix length that a netmask such as 255.255.255.0 stands for; `undefined` when its ones are not all in front. */
export function lengthOfNetmask(text: string): number | undefined {
  const bits = parseIpv4(text)
  return bits === undefined ? undefined : lengthBefore(2 ** 32 - 1 - bits)
}

/** The prefix length that a wildcard mask such as 0.0.0.255 stands for; `undefined` when its zeros are not all in front. */
export function lengthOfWildcard(text: string): number | undefined {
  const bits = parseIpv4(text)
  return bits === undefined ? undefined : lengthBefore(bits)
}

/** A host part is ones at the end and nothing else. */
function lengthBefore(host: number): number | undefined {
  const length = 32 - Math.log2(host + 1)
  return Number.isInteger(length) ? length : undefined
}
