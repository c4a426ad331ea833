import { type FilterWords, sidesOf } from '../filter-words.ts'

/** VyOS 1.4 and later. */
export const chainWords: FilterWords = (place) => {
  const { from, to } = sidesOf(place)
  switch (place.position) {
    case 'own':
      return place.way === 'in'
        ? `input filter; local zone from the zone of ${from}`
        : `output filter; zone of ${to} from the local zone`
    case 'before':
      return `policy route on ${from} (1.5 also prerouting raw)`
    case 'amid':
      return `forward filter, ${from} to ${to}; zone of ${to} from the zone of ${from}`
    default:
      return undefined
  }
}

/** VyOS 1.3 and those that descend from Vyatta Core. */
export const setWords: FilterWords = (place) => {
  const { from, to } = sidesOf(place)
  switch (place.position) {
    case 'own':
      return place.way === 'in'
        ? `local set of ${from}; local zone from the zone of ${from}`
        : `zone of ${to} from the local zone; no set of an interface sees it`
    case 'before':
      return `policy route or modify on ${from}`
    case 'amid':
      return `in set of ${from}, then out set of ${to}; zone of ${to} from the zone of ${from}`
    default:
      return undefined
  }
}

/** The data plane of the 5600: it asks what comes in before all NAT, and what leaves after it. */
export const dataplaneWords: FilterWords = (place) => {
  const { from, to } = sidesOf(place)
  switch (place.position) {
    case 'own':
      return place.way === 'in' ? `in set of ${from}, then its local set` : `only an originate set of ${to} stops it`
    case 'before':
      return `in set of ${from}`
    case 'after':
      return `out set of ${to}; zone of ${to}`
    default:
      return undefined
  }
}
