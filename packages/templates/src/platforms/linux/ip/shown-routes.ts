import { Address, type DeviceRoute, type Unread } from '@natplan/core'
import { limits } from '../../../limits.ts'
import { unread } from '../numbered.ts'
import { readIpAddresses } from '../read-ip.ts'
import { Routes } from './routes.ts'
import { DaemonRoutes, isDaemonRoute } from './show-ip-route.ts'

/** The routing tables of a machine as its commands show them. */
export interface ShownTables {
  /** `daemon`: as a routing daemon has them (`show ip route`), which hosts seldom run; `kernel`: `ip route show`. */
  readonly by: 'daemon' | 'kernel'
  readonly routes: readonly DeviceRoute[]
  /** Lines that were not understood. */
  readonly unread: readonly Unread[]
  /** Addresses that the machine itself has, as far as the text tells. */
  readonly own: readonly Address[]
}

const longestLine = limits.routeLineLetters.most

/** Headings, commands, prompts, `ip address`, settings, and the rules that every kernel and strongSwan begin with. */
const around = [
  /^\s*$|^[#$=]|^-{2,}|^(?:node\/)?[\w.-]+:$/,
  /^\[?[\w.-]+@[\w.-]+[: ~][^#$>]*[#$>](?:\s|$)/,
  /^(?:sudo )?ip (?:-\S+ )*(?:route|r|ro|addr|address|a|rule)\b|^show /,
  /^\d+: \S+\s+inet6? |^\d+: \S+: <|^\s+(?:inet6?|link\/|valid_lft|altname|alias)\b/,
  /^(?:net\.|\/proc\/sys\/)\S+(?:\s*=|:)/,
  /^(?:0:\s+from all lookup (?:local|255)|32766:\s+from all lookup (?:main|254)|32767:\s+from all lookup (?:default|253)|220:\s+from all lookup 220)$/,
]

/** Reads what `show ip route` or `ip route show` print, of all tables that are there. */
export function readShownTables(text: string): ShownTables {
  const lines = text.split('\n').map((one, index) => ({ line: index + 1, text: one.trimEnd() }))
  const isLong = ({ text: own }: { readonly text: string }) => own.length > longestLine
  const long = lines.filter(isLong).map((one) => unread(one, 'routes'))
  const short = lines.filter((one) => !isLong(one))
  if (short.some((one) => isDaemonRoute(one.text))) {
    const read = new DaemonRoutes()
    for (const one of short) read.take(one)
    return { by: 'daemon', routes: read.finish(), unread: [...long, ...read.unread], own: [] }
  }
  return ofKernel(text, short, long)
}

function ofKernel(
  text: string,
  lines: readonly { line: number; text: string }[],
  long: readonly Unread[],
): ShownTables {
  const read = new Routes()
  const strange = lines.filter((one) => !around.some((pattern) => pattern.test(one.text)) && !read.take(one))
  const sources = lines.flatMap((one) => {
    const [, source = ''] = / src (\S+)/.exec(one.text) ?? []
    return Address.tryParse(source) ?? []
  })
  return {
    by: 'kernel',
    // what strongSwan puts there follows from the tunnels
    routes: read.routes.filter(({ table }) => table !== '220'),
    unread: [...long, ...strange.map((one) => unread(one, 'routes')), ...read.unread],
    own: [...sources, ...readIpAddresses(text).map(({ address }) => address)],
  }
}
