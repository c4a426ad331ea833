import type { LabPacket } from '../../../packages/cli/src/lab/packets.ts'
import { randomFrom } from '../lab/mutations.ts'
import { choosePackets } from './choose-packets.ts'
import { mutated } from './mutate.ts'
import type { Network } from './network.ts'
import { topologies } from './topologies.ts'

/** A network under one configuration, and the packets that are sent over it. */
export interface Round {
  readonly name: string
  readonly network: Network
  readonly packets: readonly LabPacket[]
}

export interface RoundOptions {
  readonly seeds: readonly number[]
  /** Configurations of each network; the very first is the one that the topology makes, the others are changed. */
  readonly configurations: number
  /** In each round. */
  readonly packets: number
}

/** Everything that is sent, made of nothing but the seeds; rounds over the same cables follow each other. */
export function roundsOf({ seeds, configurations, packets }: RoundOptions): Round[] {
  return topologies.flatMap((topology, index) =>
    seeds.flatMap((seed, place) => {
      const random = randomFrom(seed * 1000 + index)
      const network = topology(random)
      return Array.from({ length: configurations }, (_, number): Round => {
        const isAsMade = place === 0 && number === 0
        const configured = isAsMade ? network : mutated(network, random)
        return {
          name: `${network.name}, seed ${seed}, ${isAsMade ? 'as made' : `change ${number + 1}`}`,
          network: configured,
          packets: choosePackets(configured, random, packets),
        }
      })
    }),
  )
}
