import { type CodeEntry, error, note, risk } from './code-entry.ts'

/** What verification finds. */
export const verificationCodes = {
  // Verification: the two ends of a tunnel
  ADDRESSES_DIFFER: error(
    'A tunnel leads to an address that is not its peer’s',
    'Each gateway must name the address at which the other one really is: its own, or that of the NAT in front of it.',
  ),
  VERSIONS_DIFFER: error(
    'The two ends use different IKE versions',
    'IKEv1 and IKEv2 do not understand each other. The older platforms use IKEv1 unless told otherwise.',
  ),
  IKE_PROPOSALS_DIFFER: error(
    'The two ends have no IKE proposal in common',
    'Encryption, hash and Diffie-Hellman group of at least one proposal must be the same at both ends. Whatever a configuration leaves out has a default, often a weak one that the other end does not offer.',
  ),
  ESP_PROPOSALS_DIFFER: error(
    'The two ends have no ESP proposal in common',
    'Encryption and hash of at least one proposal must be the same at both ends. Otherwise the gateways find each other, but no pair of prefixes comes up.',
  ),
  PFS_DIFFERS: error(
    'Perfect forward secrecy differs',
    'Both ends need the same group for renewing keys, or none. With IKEv2 the first pair of prefixes still comes up, and the tunnel breaks when its keys are renewed, often an hour later.',
  ),
  IDENTITIES_DIFFER: error(
    'An identity is not the one that the peer expects',
    'Each end states its identity and expects one from the other. If none is configured, it is the address; behind a NAT that is not the address that the peer sees.',
  ),
  KEYS_DIFFER: error(
    'The pre-shared keys differ',
    'natplan compares digests with a fresh random salt in each run; it neither shows nor keeps a key.',
  ),
  KEYS_FOR_OTHERS: error(
    'No pre-shared key is for the two ends of a tunnel',
    'A key that names identities is used only if it names one of the two ends. There are keys, but each names others, so the IKE daemon finds none and the tunnel does not come up.',
  ),
  AUTHENTICATION_DIFFERS: error(
    'The two ends authenticate in different ways',
    'One end uses a pre-shared key where the other expects a certificate or public key, or vice versa. Each must authenticate in the way that the other expects.',
  ),
  NEGOTIATION_NOT_KNOWN: risk(
    'Whether the two ends agree is not known',
    'Something that they must agree on is named by a word that natplan does not know, or depends on something that no configuration says. Nothing speaks against it and nothing shows it, so the tunnel is not called proven.',
  ),
  LIFETIMES_DIFFER: note(
    'Lifetimes differ',
    'With IKEv2, lifetimes are not negotiated: the shorter one renews the keys. With IKEv1, some products refuse a longer lifetime than their own.',
  ),
  PEER_UNREACHABLE: error(
    'A gateway cannot send to its peer',
    'The packets of the tunnel itself, which go from gateway to gateway, need a route too: one through an uplink. Here there is none, or the longest one leads into the virtual interface of this very tunnel, for example a default route there. Give the address of the peer its own route through the uplink.',
  ),
  PEER_TUNNEL_MISSING: error(
    'The peer has no tunnel back',
    'The address of the peer belongs to a gateway whose configuration is given, but that configuration has no tunnel back.',
  ),
  PEER_UNKNOWN: note(
    'The other end of a tunnel is not given',
    'Only one end of this tunnel can be checked. Give the configuration of the other gateway, and packets are followed through both.',
  ),
  SELECTOR_NOT_MIRRORED: error(
    'Selectors do not mirror each other',
    'What is local at one end must be remote at the other, with the same length. IKEv1 refuses anything else. IKEv2 narrows both to what they have in common, so some addresses work and others do not. A child that names the same addresses, divided differently, is not reported (IKEv2).',
  ),
  SELECTOR_DUPLICATE: error(
    'A gateway carries the same pair of prefixes twice',
    'Only one of the two tunnels gets the packets, and which one can change whenever a tunnel comes up. If two peers use the same addresses, one of them must be translated.',
  ),
  SELECTOR_OVERLAP: risk(
    'Selectors of two tunnels overlap',
    'Packets that both could take go to one of them: to the narrower on Linux, to the first on other platforms.',
  ),
  SELECTOR_MEETS_ITSELF: risk(
    'Local and remote prefix of a selector overlap',
    'The same address exists at both ends. So hosts in the shared part cannot be reached through the tunnel, and the gateway may send its own network into it. Some platforms refuse equal prefixes.',
  ),
  SELECTOR_UNBACKED: risk(
    'Nothing shows what is behind a selector',
    'The local prefix of a selector is either a network behind the gateway or what NAT translates one to. For some of its addresses, the configuration shows neither. A network behind another router may be meant.',
  ),
  SELECTOR_TAKES_LOCAL: error(
    'A selector takes packets between networks of the site itself',
    'The kernel applies the selectors to every packet that it forwards, whatever interface routing chose. So a summary as remote prefix (10.0.0.0/8) also takes what goes from one network of the site to another, and sends it into the tunnel. A bypass policy spares such packets; some platforms add one for the local prefix, and for no other network.',
  ),

  // Verification: NAT
  NAT_NOT_ONE_TO_ONE: error(
    'A rule for a tunnel is not one to one',
    'Hosts can be reached from the far side only if each has an address of its own there: the rule must match one prefix and translate it to one of the same length. Some platforms silently treat anything else as a pool.',
  ),
  NAT_ONE_WAY: note(
    'Many hosts reach a peer under few addresses',
    'A source rule hides them behind exactly the addresses that the tunnel carries, and nothing leads back: only this side opens connections. That is how partners assign one address to a whole network; natplan does not check the other direction.',
  ),
  NAT_HIDES_PEERS: note(
    'Hosts see the gateway instead of their callers',
    'A rule masquerades what comes out of a tunnel on its way to the hosts behind the gateway. Packets and answers arrive, but logs and filters of the hosts see all callers under one address.',
  ),
  NAT_UNSELECTED: error(
    'A rule produces addresses that no selector takes',
    'The packet is translated, or exempted, and then matches no selector towards that peer: it leaves unencrypted or is dropped.',
  ),
  NAT_HALF: error(
    'A translation has one direction only',
    'A source rule serves connections that are opened here, a destination rule those that the peer opens; each alone is half a translation. Answers need no rule.',
  ),
  NAT_SHADOWED: error(
    'A rule for a tunnel is never reached',
    'NAT rules are tried in order of their numbers, and the first that matches decides. Rules with lower numbers take every packet of this one.',
  ),
  NAT_PARTLY_SHADOWED: risk(
    'An earlier rule takes some of the packets for a tunnel',
    'A masquerade or an exclusion with a lower number takes some of the addresses. Even if that is meant as an exception, the peer cannot reach those hosts.',
  ),
  NAT_CATCHES_TUNNEL: error(
    'A rule for other packets translates those of a tunnel',
    'A port forward without a destination address, static NAT or a masquerade of everything also takes what goes into a tunnel or comes out of it. Such a packet then has an address that is in no selector, or goes to another host. Name the address that the rule is for, or exempt the prefixes of the tunnel before it.',
  ),
  NAT_TARGET_MISSING: error(
    'A rule for a tunnel translates to a network that does not exist',
    'The configuration shows the networks behind the gateway, but neither they nor any route except the default one hold what the rule translates to. Packets from the tunnel would leave towards the internet in clear.',
  ),
  NAT_RULE_DEAD: note(
    'A NAT rule is never reached',
    'Rules with lower numbers take every packet of this one. It has nothing to do with a tunnel, and can probably be removed.',
  ),
  NAT_INTERFACE_WRONG: error(
    'A rule for a tunnel is on the wrong interface',
    'On Linux platforms, packets into a tunnel leave on the outside interface, and packets out of it arrive there. On a platform with virtual interfaces, both pass the one that the selector names. A rule on any other interface never sees them.',
  ),

  // Verification: routes, networks, MSS
  GATEWAY_ROUTE_MISSING: error(
    'A route to the virtual interface is missing',
    'NAT happens on the virtual interface, so packets for the peer must be routed there before they can match a selector. IPsec installs a route for the remote prefix towards the outside, so those to the virtual interface must be longer: two halves.',
  ),
  ROUTE_DIVERTS: error(
    'A static route leads packets for a peer elsewhere',
    'The gateway routes packets before it translates and encrypts them on the outside, so packets for this prefix never reach the tunnel.',
  ),
  REMOTE_OCCUPIED: error(
    'A prefix by which a site sees a peer is in use at the site itself',
    'Packets for these addresses stay at the site, and so do answers to the peer. The site must see the peer under addresses that are free.',
  ),
  REMOTE_ROUTED_INSIDE: risk(
    'An inside route covers a prefix by which a site sees a peer',
    'A tunnel takes packets for its peer whatever the routes say. A summary route to an inside router, such as 10.0.0.0/8, does no harm if nobody behind it has the addresses of the peer; hosts that have them become unreachable.',
  ),
  TRANSLATED_OCCUPIED: risk(
    'A prefix by which a site is seen is in use at the site itself',
    'An interface of the gateway has an address in the prefix that its rules translate to, or an inside route leads to a part of it. Hosts of that network cannot be told from the translated ones: the selectors take their packets untranslated, and a peer that calls them reaches the translated hosts. Translate to space that is free.',
  ),
  NODE_ROUTE_MISSING: error(
    'Nodes have no route to the private gateway',
    'Without it packets for the peer leave through the public interface, and with a strict reverse-path filter packets from the peer are dropped on arrival.',
  ),
  MSS_MISSING: risk(
    'The MSS is not clamped',
    'Encryption makes packets longer. Where full-size packets may not be fragmented and the ICMP message about it gets lost, large transfers stall while small ones work. Clamp the MSS (TCP maximum segment size) to a number on the outside and the inside interface of one gateway: a clamp on an interface applies to what leaves through it.',
  ),
  MSS_TOO_LARGE: risk(
    'The MSS clamp is larger than what fits',
    'The message has the size that fits through the tunnel: path MTU minus outer header, UDP encapsulation (used whenever there is a NAT between the gateways), ESP with its largest padding, and the inner headers.',
  ),
  PROOF_INCOMPLETE: risk(
    'The proof leaves lines out',
    'natplan does not know what these lines do, and they may touch packets. If one of them could decide about packets of a tunnel, what becomes of those is not known, and the tunnel is not called proven.',
  ),
  FILTER_NOT_FOLLOWED: risk(
    'A part of a firewall is not followed',
    'The gateway filters packets by rules that natplan does not follow. They may drop packets of the tunnels, or the negotiation itself, so nothing that they could drop is called proven or delivered. The message names the lines that could drop. If it is known which packets they may drop, FLOW_NOT_KNOWN names the lines instead.',
  ),
  PROOF_BOUNDED: risk(
    'A check was cut short',
    'Rules that exclude addresses, ports and protocols can divide packets into more parts than can be checked, and networks can have too many pairs of subnets. natplan stops at a limit and proves nothing about the rest.',
  ),
  FAILOVER_UNSAFE: risk(
    'Packets go astray when another uplink takes over',
    'The gateway has a second uplink. Rules and guards that name the first one do not apply there, so packets leave unencrypted or untranslated while the first one is down. If two sites have a second tunnel for this case, and it carries less than the first, they are not proven.',
  ),

  // Verification: packets that do not arrive
  FLOW_WRONG_PEER: error(
    'Packets go into the tunnel of another peer',
    'A selector of another tunnel is narrower, or comes first, and takes the packets.',
  ),
  FLOW_TRANSLATED_TWICE: error(
    'Packets are translated twice',
    'Packet and answer arrive, but two gateways changed the same address. Either one of the two rules is for something else, or one side translates for both.',
  ),
  FLOW_NOT_ONE_TO_ONE: error(
    'Senders share an address',
    'Packet and answer arrive, but several hosts share one address, so nobody can open a connection to them. Usually a masquerade rule comes before the rule of the tunnel.',
  ),
  FLOW_ANOTHER_HOST: error(
    'Packets reach another host than the one that was called',
    'A destination rule sends packets for several addresses to one host (a port forward, or a map to a shorter range), or it leads to other addresses than the plan says. The host that was called is not reached.',
  ),
  FLOW_FILTERED: error(
    'A filter drops packets of a tunnel',
    'A rule of a gateway, or the default action of a list, drops what is meant to arrive.',
  ),
  FLOW_PARTLY_FILTERED: error(
    'A filter lets some packets of a tunnel pass and drops others',
    'Between the same addresses, only some protocols or ports pass. If that is intended, all is well, but natplan calls a tunnel proven only when everything passes.',
  ),
  FILTER_ADMITS_CLEAR: risk(
    "A filter accepts packets with a peer's addresses that arrive in clear",
    'A rule was written for what comes out of a tunnel, but matches only addresses. Anybody in front of the gateway can send packets with these addresses to its hosts. On most platforms a rule can match only what came encrypted.',
  ),
  FILTER_SHADOWED: risk(
    'A rule of a filter is never reached',
    'Rules are tried one after the other, and the first that matches a packet decides. Earlier rules of the same set take every packet of this one and do something else with it: what should be dropped is accepted, or vice versa. Only rules for packets that tunnels carry are checked.',
  ),
  FILTER_WIDER_THAN_PLAN: note(
    'A filter accepts more of a peer than the plan says',
    'A rule that lets packets of a tunnel in allows more addresses than the plan lets the peer reach, or names none. The selectors of the tunnel and its NAT rules may keep the peer from the rest, but the filter does not. This is reported only with a plan, once for each rule that accepts what the plan means to arrive, and not for rules that apply to everybody.',
  ),
  FILTER_DROPS_RELATED: risk(
    'A filter drops ICMP errors about connections that it lets pass',
    'A router that cannot forward a packet because it is too large reports that by ICMP, and the sender sends smaller ones (path MTU discovery). Connection tracking calls these errors `related`. A filter that accepts only `established` drops them, so large packets are lost silently; an MSS clamp helps TCP only.',
  ),
  TUNNEL_ONE_SIDED: risk(
    'Filters let only one end of a tunnel initiate',
    'A gateway lets in only answers to its own IKE packets, although the other end initiates as well. The tunnel comes up; but when the other end loses it, for example by a restart, it stays down until this gateway notices.',
  ),
  FILTER_RULES_NEEDED: risk(
    'Filters of a running gateway need rules for its tunnels',
    'What runs on the gateway drops IKE, ESP or packets of the tunnels. The lines that natplan prints include rules that let exactly these pass, each before the rule that drops them. Their descriptions begin with `natplan: `, so that later comparisons recognise them.',
  ),
  FLOW_IKE_BLOCKED: error(
    'A filter keeps a tunnel from coming up',
    'A gateway drops what its peer sends to bring the tunnel up: UDP 500, and 4500 behind a NAT and with MOBIKE. A rule that only accepts answers is enough for the end that initiates, and for no other.',
  ),
  FLOW_ESP_BLOCKED: error(
    'A filter drops the encrypted packets of a tunnel',
    'The tunnel comes up, but nothing passes: a gateway drops ESP (protocol 50), or UDP 4500 behind a NAT. Answers are let through only where this side sent first.',
  ),
  FLOW_UNANSWERED: error(
    'Hosts ask by ARP for an address, and nobody answers',
    "Hosts of a peer have addresses of the site's own network there. The gateway has a route for them, but hosts take them for neighbours and ask for them by ARP, and the gateway is not told to answer (proxy ARP). [FREE_SPACE_ARP](#free_space_arp) says what each platform needs.",
  ),
  FLOW_STAYS_LOCAL: error(
    'Packets stay in their own network',
    'The site uses the addresses itself, so packets for them never reach the tunnel.',
  ),
  FLOW_DEFAULT_ROUTE: error(
    'Packets leave through the default route of the nodes',
    'The nodes have no route to the private gateway for these addresses. `natplan kubernetes` writes it.',
  ),
  FLOW_REVERSE_PATH: error(
    'Packets are dropped by the reverse-path filter',
    'They arrive at the node on the private interface, but the route back to their source leads through another one.',
  ),
  FLOW_NO_ROUTE: error(
    'Packets have no route',
    'A node or gateway has no route for these addresses, or only a blackhole.',
  ),
  FLOW_NO_SELECTOR: error(
    'No selector takes the packets',
    'After NAT they match no selector, and the gateway drops them. Usually they were not translated, or were translated to something else.',
  ),
  FLOW_UNENCRYPTED: error(
    'Packets leave unencrypted',
    'No selector takes them and nothing holds them back, so private addresses and data go towards the internet in clear.',
  ),
  FLOW_REFUSED: error(
    "The peer's selectors refuse the packets",
    'They match a selector at the sending gateway, but none at the receiving one.',
  ),
  FLOW_TUNNEL_DOWN: error(
    'Nobody brings the tunnel up',
    'The gateway of the sender waits for the other, which initiates only with its own first packet.',
  ),
  FLOW_NOT_TRANSLATED: error(
    'Packets come out of the tunnel and are not translated',
    'The gateway has no destination rule that translates the address to a real one behind it.',
  ),
  FLOW_LOOPS: error('Packets loop', 'Gateways send the packets round and round.'),
  FLOW_NOT_KNOWN: risk(
    'What becomes of packets is not known',
    'On their path, something decides that natplan does not understand or that no configuration says. They may arrive or not; the message names the line. They count neither as delivered nor as failing, and nothing is called proven.',
  ),
} as const satisfies Record<string, CodeEntry>
