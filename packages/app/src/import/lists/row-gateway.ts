import { Address, type Path, type Platform, platforms, type WrittenSite } from '@natplan/core'
import { changingAddress, hostName } from '../../prefixes/column-looks.ts'
import type { Reason } from '../imported.ts'
import type { RowReading, Told } from './row-reading.ts'

type Gateway = NonNullable<WrittenSite['gateway']>

/** What a site has once. */
export const endRoles = ['platform', 'outside', 'interface', 'inside', 'identity'] as const
export type EndRole = (typeof endRoles)[number]

/** What the rows of a site say of its gateway, as the plan file writes it. */
export type Ends = Map<EndRole, Told<string>>

/** Reads what a row says of its gateway; another row that says something else is told of. */
export function readEnd(ends: Ends, role: EndRole, reading: RowReading): void {
  for (const told of reading.texts(role)) {
    const value = endOf(role, told.value)
    const known = ends.get(role)
    if (value === undefined) reading.refuse(told.value, wrongForm[role])
    else if (!known) ends.set(role, { ...told, value })
    else if (known.value !== value) reading.refuse(told.value, `its site has ${known.value} in line ${known.line}`)
  }
}

/** The value that a cell has, as the plan file writes it; `undefined` for one that it cannot hold. */
export function endOf(role: EndRole, text: string): string | undefined {
  return forms[role](text)
}

/** An address or a host name as the plan file writes it. */
export function writtenAddress(text: string): string | { readonly host: string } {
  return hostName.test(text) && !Address.tryParse(text) ? { host: text } : text
}

const interfaceName = /^[A-Za-z][A-Za-z0-9._-]{0,30}$/

const forms: Readonly<Record<EndRole, (text: string) => string | undefined>> = {
  platform: platformOf,
  outside: endpointOf,
  interface: (text) => (interfaceName.test(text) ? text : undefined),
  inside: (text) => (interfaceName.test(text) ? text : undefined),
  identity: (text) => (/^[A-Za-z0-9@][A-Za-z0-9@.:_-]{0,126}$/.test(text) ? text : undefined),
}

const wrongForm: Readonly<Record<EndRole, string>> = {
  platform: `no platform: ${platforms.join(', ')}`,
  outside: 'no address, host name or "dynamic"',
  interface: 'no name of an interface',
  inside: 'no name of an interface',
  identity: 'no IKE identity',
}

/** `VyOS 1.4.2` is vyos-1.4. */
function platformOf(text: string): Platform | undefined {
  const called = text.toLowerCase().replace(/[\s_]+/g, '-')
  return platforms.find((platform) => called === platform || called.startsWith(`${platform}.`))
}

/** An address may have a length behind it, as an interface has. */
function endpointOf(text: string): string | undefined {
  if (changingAddress.test(text)) return 'dynamic'
  if (hostName.test(text)) return text
  const address = Address.tryParse(text.replace(/\/\d{1,3}$/, ''))
  return address && String(address)
}

const clouds: readonly string[] = ['azure', 'aws', 'gcp']

/** A gateway, as far as its address is known; of one whose interface nobody names, what is missing. */
export function gatewayOf(
  ends: Ends,
  path: Path,
): {
  readonly gateway?: Gateway
  readonly because: readonly Reason[]
  readonly missing?: { readonly what: string; readonly line: number }
} {
  const outside = ends.get('outside')
  const [any] = ends.values()
  if (!outside) {
    const missing = any && { what: 'gateways of which no outside address is known', line: any.line }
    return { because: [], ...(missing ? { missing } : {}) }
  }
  const platform = ends.get('platform')
  const wan = ends.get('interface') ?? (platform ? undefined : { ...outside, value: unnamed, because: unnamedBecause })
  const inside = ends.get('inside')
  const identity = ends.get('identity')
  const address = writtenAddress(outside.value)
  const because = (told: Told<string> | undefined, ...keys: string[]): Reason[] =>
    told ? [{ path: [...path, ...keys], text: told.because, file: told.file, line: told.line }] : []
  const lacksInterface = platform && !wan && !clouds.includes(platform.value)
  return {
    gateway: {
      ...(platform ? { platform: platform.value as Platform } : {}),
      outside: { ...(wan ? { interface: wan.value } : {}), address },
      ...(inside ? { inside: { interface: inside.value } } : {}),
      ...(identity ? { identity: identity.value } : {}),
    },
    because: [
      ...because(platform, 'platform'),
      ...because(wan, 'outside', 'interface'),
      ...because(outside, 'outside', 'address'),
      ...because(inside, 'inside', 'interface'),
      ...because(identity, 'identity'),
    ],
    ...(lacksInterface
      ? {
          missing: { what: 'outside interfaces, which the plan needs and the table does not name', line: outside.line },
        }
      : {}),
  }
}

/** What the sheet of a generic gateway calls its outside. */
const unnamed = 'wan'
const unnamedBecause = 'the table does not name the interface; write what the device calls it'
