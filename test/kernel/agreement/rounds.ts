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
  /** Changed configurations of each network, beside the one as it was made. */
  readonly mutations: number
  /** In each round. */
  readonly packets: number
}

/** Everything that is sent, made of nothing but the seeds; rounds over the same cables follow each other. */
export function roundsOf({ seeds, mutations, packets }: RoundOptions): Round[] {
  return topologies.flatMap((topology, index) =>
    seeds.flatMap((seed) => {
      const random = randomFrom(seed * 1000 + index)
      const network = topology(random)
      const changed = Array.from({ length: mutations }, () => mutated(network, random))
      return [network, ...changed].map((one, at) => ({
        name: `${network.name}, seed ${seed}, ${at === 0 ? 'as made' : `change ${at}`}`,
        network: one,
        packets: choosePackets(one, random, packets),
      }))
    }),
  )
}
