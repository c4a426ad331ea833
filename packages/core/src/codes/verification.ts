import { type CodeEntry, error, note, risk } from './code-entry.ts'

/** What verification finds. */
export const verificationCodes = {
  // Verification: the two ends of a tunnel
  ADDRESSES_DIFFER: error(
    'A tunnel leads to another address than that of its peer',
    'Each gateway must name the address at which the other one really is: its own, or that of the NAT in front of it.',
  ),
  VERSIONS_DIFFER: error(
    'The two ends use different IKE versions',
    'IKEv1 and IKEv2 do not understand each other. The older platforms take IKEv1 where nothing is said.',
  ),
  IKE_PROPOSALS_DIFFER: error(
    'The two ends have no IKE proposal in common',
    'Encryption, hash and Diffie-Hellman group of at least one proposal must be the same at both ends. What a configuration leaves out has a default, often a weak one that the other end does not offer.',
  ),
  ESP_PROPOSALS_DIFFER: error(
    'The two ends have no ESP proposal in common',
    'Encryption and hash of at least one proposal must be the same at both ends. The gateways find each other, and then no pair of prefixes comes up.',
  ),
  PFS_DIFFERS: error(
    'Perfect forward secrecy differs',
    'Both ends need the same group for renewing keys, or none. With IKEv2 the first pair of prefixes comes up all the same, and the tunnel breaks when its keys are renewed, often an hour later.',
  ),
  IDENTITIES_DIFFER: error(
    'An identity is not the one that the peer expects',
    'Each end says who it is and expects a name of the other. Where nothing is written it is the address; behind a NAT that is not the address which the peer sees.',
  ),
  KEYS_DIFFER: error(
    'The pre-shared keys differ',
    'natplan compares digests that it makes with a new random salt in each run; it shows and keeps no key.',
  ),
  KEYS_FOR_OTHERS: error(
    'No pre-shared key is for the two ends of a tunnel',
    'A key that names identities is used only where it names one of the two ends. Keys are there, each names others, and the IKE daemon finds none: the tunnel does not come up.',
  ),
  AUTHENTICATION_DIFFERS: error(
    'The two ends prove who they are in different ways',
    'One end uses a pre-shared key where the other wants a certificate or public key, or the other way round. Each must prove who it is in the way that the other expects.',
  ),
  NEGOTIATION_NOT_KNOWN: risk(
    'Whether the two ends agree is not known',
    'Something that they must agree on is named by a word that natplan does not know, or depends on what no configuration says. Nothing speaks against it and nothing shows it, so the tunnel is not called proven.',
  ),
  LIFETIMES_DIFFER: note(
    'Lifetimes differ',
    'Lifetimes are not negotiated with IKEv2: the shorter one renews the keys. With IKEv1 some products refuse a longer lifetime than their own.',
  ),
  PEER_UNREACHABLE: error(
    'A gateway cannot send to its peer',
    'The packets of the tunnel itself, which go from gateway to gateway, need a route too: one by an uplink. Here there is none, or the longest one leads into the virtual interface of this very tunnel, as a default route there does. Give the address of the peer a route of its own by the uplink.',
  ),
  PEER_TUNNEL_MISSING: error(
    'The peer has no tunnel back',
    'The address of the peer is that of a gateway whose configuration is given, and nothing in it leads back.',
  ),
  PEER_UNKNOWN: note(
    'The other end of a tunnel is not given',
    'Only one end of this tunnel can be checked. Give the configuration of the other gateway to have packets followed through both.',
  ),
  SELECTOR_NOT_MIRRORED: error(
    'Selectors do not mirror each other',
    'What is local at one end is remote at the other, with the same length. IKEv1 refuses anything else; IKEv2 narrows both to what they share, so that some addresses work and others do not. A child that names the same addresses in other parts is none of these (IKEv2).',
  ),
  SELECTOR_DUPLICATE: error(
    'A gateway carries the same pair of prefixes twice',
    'Only one of the two tunnels gets the packets, and which one can change whenever a tunnel comes up. Where two peers use the same addresses, one of them must be translated.',
  ),
  SELECTOR_OVERLAP: risk(
    'Selectors of two tunnels overlap',
    'Packets that both could take go to one of them: to the narrower on Linux, to the first on other platforms.',
  ),
  SELECTOR_MEETS_ITSELF: risk(
    'Local and remote prefix of a selector overlap',
    'An address is at both ends, so hosts in the shared part cannot be reached through the tunnel, and the gateway may send its own network into it. Some platforms refuse equal prefixes.',
  ),
  SELECTOR_UNBACKED: risk(
    'Nothing shows what is behind a selector',
    'The local prefix of a selector is either a network behind the gateway or what NAT makes of one. Here the configuration shows neither for some of its addresses. A network behind another router may be meant.',
  ),
  SELECTOR_TAKES_LOCAL: error(
    'A selector takes packets between networks of the site itself',
    'The kernel asks the selectors of every packet that it forwards, whatever interface routing chose. A summary as remote prefix (10.0.0.0/8) so takes what goes from one network of the site to another as well, and sends it into the tunnel. A child that passes such packets by spares them; some platforms add one for the local prefix, and for no other network.',
  ),

  // Verification: NAT
  NAT_NOT_ONE_TO_ONE: error(
    'A rule for a tunnel is not one to one',
    'Hosts can be called from the far side only if each has an address of its own there: the rule must match one prefix and translate it to one of the same length. Some platforms take anything else for a pool without a word.',
  ),
  NAT_ONE_WAY: note(
    'Many hosts reach a peer under few addresses',
    'A source rule hides them behind the very addresses that the tunnel carries, and nothing leads back: only this side opens connections. That is how partners assign one address to a whole network; the other direction is not asked about.',
  ),
  NAT_HIDES_PEERS: note(
    'Hosts see the gateway in place of those that call them',
    'A rule masquerades what comes out of a tunnel on its way to the hosts behind the gateway. Packets and answers arrive; logs and filters of the hosts know all callers by one address.',
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
    'NAT rules are tried in order of their numbers and the first that matches decides. Rules with lower numbers take every packet of this one.',
  ),
  NAT_PARTLY_SHADOWED: risk(
    'An earlier rule takes a part of the packets for a tunnel',
    'A masquerade or an exclusion with a lower number takes some of the addresses. If that is meant as an exception, the peer cannot reach those hosts.',
  ),
  NAT_CATCHES_TUNNEL: error(
    'A rule for other packets translates those of a tunnel',
    'A port forward without a destination address, static NAT or a masquerade of everything also takes what goes into a tunnel or comes out of it. Such a packet then has an address that no selector holds, or goes to another host. Name the address that the rule is for, or exempt the prefixes of the tunnel before it.',
  ),
  NAT_TARGET_MISSING: error(
    'A rule for a tunnel translates to a network that is not there',
    'The configuration shows the networks behind the gateway, and none of them, nor any route but the default one, holds what the rule translates to. Packets out of the tunnel would leave towards the internet in clear.',
  ),
  NAT_RULE_DEAD: note(
    'A NAT rule is never reached',
    'Rules with lower numbers take every packet of this one. It has nothing to do with a tunnel, and can probably be removed.',
  ),
  NAT_INTERFACE_WRONG: error(
    'A rule for a tunnel is on the wrong interface',
    'Packets into a tunnel leave on the outside interface, and packets out of it come in there, on Linux platforms; on a platform with virtual interfaces both pass the one that the selector names. A rule on any other interface never sees them.',
  ),

  // Verification: routes, networks, segment size
  GATEWAY_ROUTE_MISSING: error(
    'A route to the virtual interface is missing',
    'NAT happens on the virtual interface, so packets for the peer must be routed there before they can match a selector. IPSec makes a route of the remote prefix towards the outside, so those to the virtual interface must be longer: two halves.',
  ),
  ROUTE_DIVERTS: error(
    'A static route leads packets for a peer elsewhere',
    'The gateway routes before it translates and encrypts on the outside, so packets for this prefix never reach the tunnel.',
  ),
  REMOTE_OCCUPIED: error(
    'What a site sees of a peer is in use at the site itself',
    'Packets for these addresses stay at the site, and answers to the peer do too. The peer must be seen under addresses that are free.',
  ),
  REMOTE_ROUTED_INSIDE: risk(
    'A route to the inside covers what a site sees of a peer',
    'A tunnel takes packets for its peer whatever the routes say. A summary route to a router inside, such as 10.0.0.0/8, does no harm where nobody behind it has the addresses of the peer; hosts that have them are not reached any more.',
  ),
  TRANSLATED_OCCUPIED: risk(
    'What a site is seen as is in use at the site itself',
    'An interface of the gateway has an address in the prefix that its rules translate to, or a route to the inside leads to a part of it. Hosts of that network cannot be told from the translated ones: the selectors take their packets as they are, and a peer that calls them reaches the hosts that are translated. Translate to space that is free.',
  ),
  NODE_ROUTE_MISSING: error(
    'Nodes lack a route to the private gateway',
    'Without it packets for the peer leave through the public interface, and with a strict reverse-path filter packets from the peer are dropped on arrival.',
  ),
  MSS_MISSING: risk(
    'The TCP segment size is not limited',
    'Encryption makes packets longer. Where full-size packets may not be fragmented and the notice about it gets lost, large transfers stall while small ones work. Limit the segment size by number on the outside and inside interface of one gateway: a limit set on an interface concerns what leaves through it.',
  ),
  MSS_TOO_LARGE: risk(
    'The TCP segment size is limited to more than fits',
    'The message has the size that fits through the tunnel: path MTU less outer header, UDP encapsulation (used whenever there is a NAT between the gateways), ESP with its largest padding, and the inner headers.',
  ),
  PROOF_INCOMPLETE: risk(
    'The proof leaves lines out',
    'natplan does not know what these lines do, and they may touch packets. Where one of them could decide about packets of a tunnel, what becomes of those is not known, and the tunnel is not called proven.',
  ),
  FILTER_NOT_FOLLOWED: risk(
    'A part of a firewall is not followed',
    'The gateway filters packets by rules that natplan does not follow: they may drop packets of the tunnels, or the negotiation itself. Nothing is called proven or delivered with them. The message names the lines that could drop. Where the packets that they may drop are known, FLOW_NOT_KNOWN names the lines instead.',
  ),
  PROOF_BOUNDED: risk(
    'A look was cut short',
    'Rules that exclude addresses, ports and protocols can divide packets into more parts than anybody can look at, and networks can have more pairs of subnets. natplan stops at a bound and proves nothing about the rest.',
  ),
  FAILOVER_UNSAFE: risk(
    'Packets go astray when another uplink takes over',
    'The gateway has a second uplink. Rules and guards that name the first one do not hold there, so that packets leave unencrypted or untranslated while the first one is down. Where two sites have a second tunnel for that, and it carries less than the first, they are not proven.',
  ),

  // Verification: packets that do not arrive
  FLOW_WRONG_PEER: error(
    'Packets go into the tunnel of another peer',
    'A selector of another tunnel is narrower, or comes first, and takes the packets.',
  ),
  FLOW_TRANSLATED_TWICE: error(
    'Packets are translated twice',
    'Packet and answer arrive, but two gateways changed the same address. One of the two rules is for something else, or one side translates for both.',
  ),
  FLOW_NOT_ONE_TO_ONE: error(
    'Senders share an address',
    'Packet and answer arrive, but several hosts come from one address, so nobody can open a connection to them. Usually a masquerade rule comes before the rule of the tunnel.',
  ),
  FLOW_ANOTHER_HOST: error(
    'Packets reach another host than the one that was called',
    'A destination rule sends packets for several addresses to one host: a port forward, or a map to a shorter range; or it leads to other addresses than the plan says. The host that was called is not reached.',
  ),
  FLOW_FILTERED: error(
    'A filter drops packets of a tunnel',
    'A rule of a gateway, or the default action of a list, drops what is meant to arrive.',
  ),
  FLOW_PARTLY_FILTERED: error(
    'A filter lets some packets of a tunnel pass and drops others',
    'Between the same addresses, only some protocols or ports pass. Where that is meant, all is well; natplan calls a tunnel proven when everything passes.',
  ),
  FILTER_ADMITS_CLEAR: risk(
    "A filter accepts packets with a peer's addresses that come in clear",
    'A rule was written for what comes out of a tunnel, but asks for addresses only. Whoever is in front of the gateway can send packets with these addresses to its hosts. On most platforms a rule can ask for what came encrypted.',
  ),
  FILTER_SHADOWED: risk(
    'A rule of a filter is never reached',
    'Rules are asked one after the other, and the first that takes a packet decides. Earlier rules of the same set take every packet of this one and do something else with it: what is meant to be dropped is accepted, or the other way round. Only rules whose packets tunnels carry are looked at.',
  ),
  FILTER_WIDER_THAN_PLAN: note(
    'A filter accepts more of a peer than the plan says',
    'A rule that lets packets of a tunnel in names more addresses than the plan lets the peer reach, or none. The selectors of the tunnel and its NAT rules may keep the peer from the rest; whoever trusts the filter for that does not get it. Said only where a plan is given, once for each rule that accepts what the plan means to arrive, and not for rules that are for everybody.',
  ),
  FILTER_DROPS_RELATED: risk(
    'A filter drops the errors about connections that it lets pass',
    'A router that cannot hand on a packet because it is too large says so by ICMP, and the sender makes smaller ones (path MTU discovery). Connection tracking calls these errors `related`. A filter that accepts only what is `established` drops them, so that large packets are lost without a word; a limit of the TCP segment size helps TCP only.',
  ),
  TUNNEL_ONE_SIDED: risk(
    'Filters let only one end of a tunnel begin',
    'A gateway lets in what answers its own IKE packets and nothing else, though the other end begins as well. The tunnel comes up; when the other end loses it, for example by a restart, it stays down until this gateway notices.',
  ),
  FILTER_RULES_NEEDED: risk(
    'Filters of a running gateway need rules for its tunnels',
    'What runs on the gateway drops IKE, ESP or packets of the tunnels. The lines that natplan prints hold rules that let just these pass, each in front of the rule that drops them; their descriptions begin with `natplan: `, so that later comparisons know them.',
  ),
  FLOW_IKE_BLOCKED: error(
    'A filter keeps a tunnel from coming up',
    'A gateway drops what its peer sends to bring the tunnel up: UDP 500, and 4500 behind a NAT and with MOBIKE. A rule that only accepts what answers is enough for the end that begins, and for no other.',
  ),
  FLOW_ESP_BLOCKED: error(
    'A filter drops the encrypted packets of a tunnel',
    'The tunnel comes up, and nothing passes: a gateway drops ESP (protocol 50), or UDP 4500 behind a NAT. What only answers is let through where this side sent first.',
  ),
  FLOW_UNANSWERED: error(
    'Hosts ask by ARP for an address, and nobody answers',
    "Hosts of a peer are called by addresses of the site's own network. The gateway has a route for them, but hosts take them for neighbours and ask for them by ARP, and the gateway is not told to answer (proxy ARP). [FREE_SPACE_ARP](#free_space_arp) says what each platform needs.",
  ),
  FLOW_STAYS_LOCAL: error(
    'Packets stay in their own network',
    'The site uses the addresses itself, so packets for them never reach the tunnel.',
  ),
  FLOW_DEFAULT_ROUTE: error(
    'Packets leave by the default route of the nodes',
    'The nodes have no route to the private gateway for these addresses. `natplan kubernetes` writes it.',
  ),
  FLOW_REVERSE_PATH: error(
    'Packets are dropped by the reverse-path filter',
    'They arrive at the node on the private interface, but the way back to their source leads out of another one.',
  ),
  FLOW_NO_ROUTE: error(
    'Packets have no route',
    'A node or gateway has no route for these addresses, or one into nothing.',
  ),
  FLOW_NO_SELECTOR: error(
    'No selector takes the packets',
    'After NAT they match no selector, and the gateway drops them. Usually they were not translated, or to something else.',
  ),
  FLOW_UNENCRYPTED: error(
    'Packets leave unencrypted',
    'No selector takes them and nothing holds them back, so private addresses and data go towards the internet in clear.',
  ),
  FLOW_REFUSED: error(
    "The peer's selectors refuse the packets",
    'They match a selector at the gateway that sends, and none at the one that receives.',
  ),
  FLOW_TUNNEL_DOWN: error(
    'Nobody brings the tunnel up',
    'The gateway of the sender waits for the other, and the other begins with its own first packet only.',
  ),
  FLOW_NOT_TRANSLATED: error(
    'Packets come out of the tunnel and are not translated',
    'The gateway has no destination rule that turns the address into a real one behind it.',
  ),
  FLOW_LOOPS: error('Packets loop', 'Gateways hand the packets round and round.'),
  FLOW_NOT_KNOWN: risk(
    'What becomes of packets is not known',
    'On their way something decides that natplan does not understand or that no configuration says. They may arrive or not; the message names the line. They count neither as delivered nor as failing, and nothing is called proven.',
  ),
} as const satisfies Record<string, CodeEntry>
