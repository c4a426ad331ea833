/** What natplan's interfaces, routes and steering rules bear on a gateway, so that all of them can be found and taken away at once. */
export const marks = {
  /** `ip link … group` */
  group: 7_233_908,
  /** `ip route … proto`, `ip rule … protocol`: none that rt_protos names. */
  protocol: 117,
} as const

/** What strongSwan runs when a tunnel that another one stands in for comes up or goes down. */
export const switchingScript = '/etc/natplan/natplan-switching.sh'

/** What takes away all that bears a mark. */
const removals: ReadonlySet<string> = new Set([
  `link delete group ${marks.group}`,
  `route flush table all proto ${marks.protocol}`,
  `rule flush protocol ${marks.protocol}`,
])

/** Routes into a tunnel that is down, so that another one takes over. */
const ofInterface = new RegExp(`^route flush dev (\\S{1,15})(?: table \\d{1,10})? proto ${marks.protocol}$`)

/** Where the script for tunnels that take over begins to speak of one of them, by its number. */
const ofTunnel = /^\s*if \[ "\$number" = (\d{1,10}) \]; then$/

/** The number of the tunnel whose routes the lines from here on are about. */
export function switchedTunnel(line: string): number | undefined {
  const [, number] = ofTunnel.exec(line) ?? []
  return number === undefined ? undefined : Number(number)
}

/** The interface of which an `ip` command takes all routes of IPv4 away that natplan made. */
export function routesTakenFrom(words: readonly string[]): string | undefined {
  return words.includes('-6') ? undefined : ofInterface.exec(plain(words))?.[1]
}

/** Reports whether an `ip` command only takes away what natplan made, so that it can be made anew. */
export function isOwnRemoval(words: readonly string[]): boolean {
  return removals.has(plain(words)) || ofInterface.test(plain(words))
}

function plain(words: readonly string[]): string {
  return words.filter((word) => !/^-|>/.test(word)).join(' ')
}
