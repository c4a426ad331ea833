import type { RuleList } from '@natplan/core'
import type { DeviceReading } from '../../device-reading.ts'
import { interfaceLists } from './interface-lists.ts'
import { DataplaneSets } from './sets.ts'
import { zoneLists } from './zone-lists.ts'

/** The filters of the 5600: sets of interfaces, and zones. One list can spare what another keeps, so all belong together. */
export function dataplaneLists(reading: DeviceReading): RuleList[] {
  const sets = new DataplaneSets(reading)
  return [...interfaceLists(sets), ...zoneLists(sets)]
}
