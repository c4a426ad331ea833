import type { LabPacket } from '../../../packages/cli/src/lab/packets.ts'
import { pick, type Random, randomFrom } from '../lab/mutations.ts'
import { choosePackets } from './choose-packets.ts'
import { mutated } from './mutate.ts'
import { withFilters, withoutEsp } from './mutate-filters.ts'
import type { Network } from './network.ts'
import { topologies } from './topologies.ts'

/** A network under one configuration, and the packets that are sent over it. */
export interface Round {
  readonly name: string
  readonly network: Network
  readonly packets: readonly LabPacket[]
  /**
   * The one site whose hosts send. Where gateways filter what they send to each other, it counts who has begun, so that packets of two
   * sites at once would help each other.
   */
  readonly sender: string | undefined
  readonly isFiltered: boolean
  /** It is the network of the round before, with filters that what gateways send to each other does not meet: its tunnels stay. */
  readonly keepsTunnels: boolean
  /** The rules that natplan says are missing are entered before anything is sent. */
  readonly isMended: boolean
}

export interface RoundOptions {
  readonly seeds: readonly number[]
  /** Configurations of the first network, and of each further one fewer; the very first is the one that the topology makes, the others are changed. */
  readonly configurations: number
  /** How often forwarded packets of each of these are filtered. */
  readonly filterings: number
  /** Configurations of the first network of each topology where what gateways send to each other is filtered as well. */
  readonly closed: number
  /** The part of both that is done again with the rules that natplan says are missing. */
  readonly mended: number
  /** In each round. */
  readonly packets: number
}

/** Everything that is sent, made of nothing but the seeds; rounds over the same cables follow each other. */
export function roundsOf(options: RoundOptions): Round[] {
  return topologies.flatMap(({ make, isBrief = false }, index) =>
    options.seeds.slice(0, isBrief ? 1 : undefined).flatMap((seed, place) => {
      const random = randomFrom(seed * 1000 + index)
      const network = make(random)
      const isClosedAsWell = place === 0 && !isBrief
      const called = `${network.name}, seed ${seed}`
      return [
        ...numbers(Math.max(1, options.configurations - place)).flatMap((number) => {
          const isAsMade = place === 0 && number === 0
          const configured = isAsMade ? network : mutated(network, random)
          const name = `${called}, ${isAsMade ? 'as made' : `change ${number + 1}`}`
          const plain: Round = {
            name,
            network: configured,
            packets: choosePackets(configured, random, options.packets),
            sender: undefined,
            isFiltered: false,
            keepsTunnels: false,
            isMended: false,
          }
          const chance = randomFrom(seed * 1000 + 100 * (number + 1) + index)
          return [
            plain,
            ...numbers(options.filterings).flatMap((count) =>
              withMended(filtered(plain, { count, chance, ...options }), chance, options),
            ),
          ]
        }),
        ...numbers(isClosedAsWell ? options.closed : 0).flatMap((number) => {
          const chance = randomFrom(seed * 1000 + 500 + 100 * number + index)
          return withMended(
            closed(network, { name: `${called}, closed ${number + 1}`, chance, ...options }),
            chance,
            options,
          )
        }),
        ...(isClosedAsWell
          ? withMended(espBlocked(network, called, options), randomFrom(seed * 1000 + 900 + index), options)
          : []),
      ]
    }),
  )
}

interface Filtering extends Pick<RoundOptions, 'packets'> {
  readonly chance: Random
}

function filtered(
  { name, network: plain }: Round,
  { count, chance, packets }: Filtering & { readonly count: number },
): Round {
  const network = withFilters(plain, chance, 'forwarded')
  return {
    name: `${name}, filters ${count + 1}`,
    network,
    packets: choosePackets(network, chance, packets),
    sender: undefined,
    isFiltered: true,
    keepsTunnels: true,
    isMended: false,
  }
}

function closed(made: Network, { name, chance, packets }: Filtering & { readonly name: string }): Round {
  const network = withFilters(chance() < 0.7 ? made : mutated(made, chance), chance, 'own')
  return oneSided({ name, network, sender: pick(chance, network.gateways).site, chance, packets })
}

/** Every tunnel comes up, and its packets do not get in. */
function espBlocked(made: Network, called: string, { packets }: RoundOptions): Round {
  const [first] = made.gateways
  if (!first) throw new Error('a network has gateways')
  const name = `${called}, without ESP`
  return oneSided({ name, network: withoutEsp(made), sender: first.site, chance: randomFrom(packets), packets })
}

/** What begins anew, with one site that sends. */
function oneSided({
  name,
  network,
  sender,
  chance,
  packets,
}: Pick<Round, 'name' | 'network'> & {
  readonly sender: string
  readonly chance: Random
  readonly packets: number
}): Round {
  const hosts = network.hosts.filter(({ site }) => site === sender)
  return {
    name,
    network,
    packets: choosePackets({ ...network, hosts }, chance, packets),
    sender,
    isFiltered: true,
    keepsTunnels: false,
    isMended: false,
  }
}

/** A round, and in some cases the same with the rules that were missing. */
function withMended(round: Round, chance: Random, { packets, mended }: RoundOptions): Round[] {
  if (chance() >= mended) return [round]
  const hosts = round.network.hosts.filter(({ site }) => round.sender === undefined || site === round.sender)
  const sent = choosePackets({ ...round.network, hosts }, chance, packets)
  return [round, { ...round, name: `${round.name}, mended`, packets: sent, isMended: true }]
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, number) => number)
}
