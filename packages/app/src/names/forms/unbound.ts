import { calledAddresses } from '../records.ts'
import { commented, type NamesOf, siteLabelOf } from './form.ts'

/** Seconds. */
const timeToLive = 300

/** A snippet for a file that unbound.conf includes. */
export function unboundText(names: NamesOf): string {
  const called = calledAddresses(names.entries)
  const all = [...new Set(called.flatMap((one) => one.names))]
  const zone = (name: string) => (siteLabelOf(names, name) === undefined ? 'transparent' : 'static')
  return commented('#', names, [
    'server:',
    ...all.map((name) => `  local-zone: "${name}." ${zone(name)}`),
    ...called.flatMap(({ address, names: its }) =>
      its.map((name) => `  local-data: "${name}. ${timeToLive} IN ${address.family === 4 ? 'A' : 'AAAA'} ${address}"`),
    ),
    ...called.map(({ address, names: [first = ''] }) => `  local-data-ptr: "${address} ${timeToLive} ${first}"`),
  ])
}
