/** What becomes of a packet and its answer, at last. The list is closed; docs/dispositions.md is made of it. */
export type Disposition = keyof typeof dispositions

export interface DispositionEntry {
  /** For a table cell. */
  readonly title: string
  /** What it means, as a sentence. */
  readonly meaning: string
  /** Whether packet and answer arrive where they are meant to. */
  readonly isGood: boolean
}

export const dispositions = {
  delivered: {
    title: 'delivered both ways',
    meaning: 'The packet reaches the host, and its answer reaches the sender, with every change of address undone.',
    isGood: true,
  },
  'translated-twice': {
    title: 'translated twice',
    meaning:
      'Packet and answer arrive, but two gateways changed the same address, so the receiver sees a different sender from the one in the plan.',
    isGood: false,
  },
  'not-one-to-one': {
    title: 'not one to one',
    meaning:
      'Packet and answer arrive, but the sender shares its address with others (masquerade, a pool, or prefixes of different length), so nobody can open a connection to it.',
    isGood: true,
  },
  'another-host': {
    title: 'reaches another host',
    meaning:
      'A destination rule sends packets for several addresses to one host, so the host that was called is not reached.',
    isGood: false,
  },
  'stays-local': {
    title: 'stays in its own network',
    meaning: 'The destination lies in a network of the sender itself, so the packet never reaches the tunnel.',
    isGood: false,
  },
  'nobody-answers': {
    title: 'nobody answers for it',
    meaning:
      "The destination is an address of the sender's own network that its gateway leads elsewhere. The sender takes it for a neighbour and asks for it by ARP, and the gateway does not answer (proxy ARP).",
    isGood: false,
  },
  'default-route': {
    title: 'leaves by the default route',
    meaning:
      'The node has no route to the private gateway for this destination, so the packet leaves through the public interface.',
    isGood: false,
  },
  'reverse-path-filter': {
    title: 'dropped by the reverse-path filter',
    meaning:
      'The packet arrives at the node on the private interface, but the route back to its source leaves through another one, so the kernel drops it.',
    isGood: false,
  },
  'no-route': {
    title: 'no route',
    meaning: 'A node or gateway has no route for the destination, or only a blackhole.',
    isGood: false,
  },
  'no-selector': {
    title: 'no selector',
    meaning:
      'No selector of the gateway matches the addresses after NAT. The platform holds such a packet back, so it is dropped.',
    isGood: false,
  },
  'leaves-unencrypted': {
    title: 'leaves unencrypted',
    meaning:
      'No selector takes the packet and nothing holds it back: it leaves the gateway towards the internet in clear.',
    isGood: false,
  },
  'selector-refused': {
    title: "refused by the peer's selector",
    meaning:
      "A selector matches at the sender's gateway, but none of the peer's does, so the peer does not take the packet.",
    isGood: false,
  },
  'tunnel-fails': {
    title: 'the tunnel cannot come up',
    meaning:
      'The two gateways cannot agree: version, proposal, identity, key or address differ, or one side lacks the tunnel.',
    isGood: false,
  },
  'ike-blocked': {
    title: 'IKE does not get in',
    meaning:
      "A filter of a gateway drops what the gateways send to each other to bring the tunnel up (UDP 500 and 4500), or drops the peer's unless it answers.",
    isGood: false,
  },
  'esp-blocked': {
    title: 'ESP does not get in',
    meaning:
      'The tunnel comes up, but a filter of a gateway drops its encrypted packets (ESP, or UDP 4500 behind a NAT).',
    isGood: false,
  },
  'tunnel-down': {
    title: 'held back while the tunnel is down',
    meaning: 'The tunnel is down, and the gateway drops the packet rather than send it in clear.',
    isGood: false,
  },
  'peer-unknown': {
    title: 'goes to a gateway that is not known',
    meaning:
      'The packet enters a tunnel to a gateway whose configuration was not given, so its path cannot be followed.',
    isGood: false,
  },
  'not-translated': {
    title: 'not translated',
    meaning:
      'The packet comes out of the tunnel, but no rule changes its destination into an address that exists behind the gateway.',
    isGood: false,
  },
  filtered: {
    title: 'dropped by a filter',
    meaning: 'A rule of a gateway drops the packet, or the default action of a list does.',
    isGood: false,
  },
  unknown: {
    title: 'not known',
    meaning: 'Something on a gateway on the way was not understood and may change the outcome; the lines are named.',
    isGood: false,
  },
  loops: {
    title: 'loops',
    meaning: 'Gateways send the packet round and round.',
    isGood: false,
  },
} as const satisfies Readonly<Record<string, DispositionEntry>>
