import { type CodeEntry, error, note, risk } from './code-entry.ts'

/** What gateways and nodes get. */
export const gatewayCodes = {
  // Gateways
  PEER_WITHOUT_GATEWAY: risk(
    'A peer has no gateway in the plan file',
    'Without the outside address of the peer there is nothing to connect to, so the tunnel is missing from the configuration. Describe the gateway; `platform: generic` is enough for a product that natplan does not write.',
  ),
  TUNNEL_FAMILIES_DIFFER: error(
    'The ends of a tunnel have addresses of different families',
    'IPSec packets travel over IPv4 or over IPv6; both gateways need an outside address of the same family.',
  ),
  GATEWAY_PAIRS_MANY: error(
    'A gateway has too many pairs of subnets',
    'Each subnet of a site and each subnet of a peer are a pair with a traffic selector and rules of NAT of their own, so 300 subnets towards 300 are 90,000. natplan writes a gateway with up to 10,000 pairs; `natplan plan` and the mapping have no such bound. Neighbouring subnets that are joined into one are translated as one.',
  ),
  TUNNEL_FORM_UNSUPPORTED: error(
    'A gateway cannot have such a tunnel',
    'Not every platform can bind a tunnel to a virtual interface, give such a tunnel selectors, or carry IPv6 there (with IKEv1 none does, unless it has selectors). Vyatta 5400 and 5600 refuse a tunnel of IPv6 prefixes between IPv4 addresses, and the other way round; EdgeOS, which descends from the same code, is taken to do so as well. A gateway that translates for its peer as well (`translateAt`) needs a second routing table behind a cable inside itself, since its hosts and those of the peer may have the same addresses; few platforms have both. The hint names those that can.',
  ),
  UPLINK_ROUTE_BY_HAND: risk(
    'What routes lead a tunnel over its uplink is not known',
    'Packets of a second tunnel must leave by its own uplink, or both tunnels end with the same line. natplan makes a route to the address of the peer when the plan names `nextHop` of the uplink and the peer has another address for that tunnel; where the peer has one address only, the gateway must route by source address.',
  ),
  TRANSLATION_UNSUPPORTED: error(
    'A gateway translates nothing',
    'The VPN gateways of AWS and Google Cloud have no one-to-one NAT, and subnets of that site must have other addresses for the peer. The other gateway can do both translations where its platform is one that the hint names: `translateAt: SITE` on that tunnel. Then nothing has to be entered in the cloud but the connection and its routes.',
  ),
  CLOUD_NAT_UNFIT: error(
    "The NAT rules of a cloud's gateway cannot say this",
    'A NAT rule of an Azure VPN gateway is for all packets of the connections that list it. It cannot depend on whom a packet is for, and it excludes selectors of single prefixes: the tunnel then carries everything, and routes choose (`mode: route`, `selectors: any`).',
  ),
  CLOUD_LIMIT: error(
    "A cloud's gateway takes no more",
    'Azure: 100 NAT rules and 200 pairs of selectors on a gateway. AWS: one pair of prefixes on a connection, 100 static routes on a virtual private gateway, and addresses of its own for each connection. Google Cloud: one pair of prefixes for a tunnel, since it puts all into one child. Tunnels with `mode: route` carry everything and count as one pair. docs/clouds.md has the sources.',
  ),
  CLOUD_VALUE_UNFIT: error(
    "A cloud's gateway does not take this value",
    'Whoever runs the gateway has bounds for lifetimes and for dead peer detection, knows gateways by their addresses only, and has addresses inside a tunnel in a range of its own or none. docs/clouds.md lists them.',
  ),
  CLOUD_TUNNEL_ALONE: risk(
    'Of two tunnels of a cloud the first alone is used',
    'AWS gives each VPN connection two tunnels, each with an address and a key of its own, and works on one of them at a time (updates of a tunnel endpoint are announced, or come at once when they must); the two instances of an Azure gateway are worked on one after the other. Where the plan has one tunnel alone, the two sites are cut off meanwhile, for some minutes as a rule. The second one is a second tunnel of the two sites in the plan, whose address stands under `uplinks` of the gateway of the cloud: see docs/clouds.md.',
  ),
  CLOUD_KEY_UNUSED: note(
    'A key says nothing about the gateway of a cloud',
    'The gateway of azure, aws or gcp has no interfaces, rule numbers or virtual interfaces that anybody sees. What the plan says of them is not used.',
  ),
  INTERFACE_NUMBERS_EXHAUSTED: error(
    'There are no numbers left for virtual interfaces',
    'Each tunnel with a virtual interface has a number, from `interfaceBase` on; those of tunnels that left stay in the lock until they are removed there.',
  ),
  TUNNEL_EMPTY: note(
    'A tunnel has nothing to carry',
    'No subnet of one site has the IP version of a subnet of the other, so the tunnel has no selector and is left out of the configuration.',
  ),
  TUNNEL_MAY_LEAK: risk(
    'Packets can leave unencrypted while the tunnel is down',
    'Without a trap policy a gateway forwards packets for the peer like any other while there is no tunnel: translated already, and in clear. `start: trap` prevents that where the platform can. Where it cannot, drop packets to the prefixes of the peer that are not encrypted in the firewall of the outside interface, and of every other uplink: on these platforms rules name one outside interface, so packets are not translated when another one takes over, and leave there in clear. The Vyatta family takes a VTI down with its tunnel, and the routes into it with it: a route into nothing (blackhole) for the same prefix with a larger distance holds the packets then.',
  ),
  IDENTITY_DUPLICATE: error(
    'Two gateways have the same IKE identity',
    'Each gateway proves that it is who it says, and its peer picks the key by that name. Without `gateway.identity` it is the address that peers send to.',
  ),
  START_UNSUPPORTED: error(
    'The platform cannot start a tunnel in that way',
    'VyOS 1.3 knows two ways: bring the tunnel up at once, or trap packets. It cannot only wait for its peer.',
  ),
  IDENTITY_NOT_A_NAME: error(
    'A gateway without a fixed address has no name',
    'Where the address of a gateway changes, its peer can tell it from others only by what it says of itself: `gateway.identity` is then a name, of a host (`branch.example.net`) or of a user (`branch@example.net`), and key or certificate are for that name. VyOS 1.3, EdgeOS and Vyatta 5400 and 5600 take names of hosts only.',
  ),
  TUNNEL_ENDS_CHANGE: error(
    'The addresses of both ends of a tunnel change',
    'One end calls the other, so one of them needs an address that stands still, or a host name that always leads to it (dynamic DNS): `outside.address: { host: NAME }`, behind a NAT `outside.publicAddress`.',
  ),
  TUNNEL_BETWEEN_NATS: note(
    'No end of a tunnel is reached without a NAT',
    'Each gateway is behind a NAT, or calls from an address that changes. The NAT in front of an end that is called must hand on UDP 500 and 4500 to it; everything between the two is in UDP 4500.',
  ),
  START_NEEDS_ADDRESS: error(
    'A gateway is to call a peer whose address changes',
    'Nobody can call it, and a trap for it holds nothing back: strongSwan installs no policy for a peer whose address is not known. The end with the fixed address answers, the other one begins. Leave `start` out and natplan sets both.',
  ),
  START_TRIED_ONCE: risk(
    'A tunnel that is lost is begun again by hand only',
    'A Vyatta 5600 tries to bring a tunnel up when it is configured, and not again. Its own address changes, so that its peer cannot call it either. Dead peer detection begins again where the tunnel was up and the peer fell silent; otherwise somebody must.',
  ),
  KEYS_TOLD_BY_ADDRESS: risk(
    'Keys of several peers cannot be told apart',
    'With IKEv1 and pre-shared keys the answering gateway must take a key before its peer says who it is. It can only go by the address, and these peers have none that is known: it takes one of the keys for all of them. Use IKEv2, certificates, or the same key.',
  ),
  KEYS_FOR_SAME_ENDS: risk(
    'Two tunnels between the same identities have different keys',
    'A gateway finds a pre-shared key by the identities of both ends. Several tunnels between two gateways that have an identity of their own (`gateway.identity`) on every uplink look the same to it, so that it may take the key of the other one, and the tunnel does not come up. Use one key for both, or leave `identity` out: each uplink goes by its address then.',
  ),
  CERTIFICATE_MISSING: error(
    'An end of a tunnel has no certificate',
    'With `authentication` both gateways prove by a certificate who they are. Name one for each site, or one pair of names that holds on both devices.',
  ),
  AUTHENTICATION_TWICE: error(
    'A tunnel has a key and certificates',
    'Both gateways prove who they are in the same way: by `preSharedKey` or by `authentication`.',
  ),
  START_NOBODY: error(
    'Both ends wait for the other',
    'With `start: respond` on both gateways the tunnel never comes up. Let at least one trap or initiate.',
  ),
  DEAD_PEER_INTERVAL_UNFIT: error(
    'The platform takes no interval that short for dead peer detection',
    'The 5400 takes 15 to 86400 seconds between two questions to a silent peer, and refuses the line otherwise. Both gateways of a tunnel get the same interval.',
  ),
  DEAD_PEER_INTERVAL_DOUBTFUL: risk(
    'The platform may take no interval that short for dead peer detection',
    'EdgeOS publishes no schema, but it descends from the code of the 5400, which refuses less than 15 seconds between two questions to a silent peer.',
  ),
  NAT_TRAVERSAL_UNSUPPORTED: error(
    'The platform cannot force UDP encapsulation',
    'Gateways find a NAT between them by themselves and then use UDP 4500. Forcing it without a NAT is a setting that this platform does not have.',
  ),
  PROPOSAL_UNKNOWN: error(
    'An algorithm is not known',
    'natplan has its own names for algorithms, the same for every platform: `aes256gcm128`, `aes256`, `sha384`, DH group numbers of the IANA registry. The hint lists them.',
  ),
  PROPOSAL_IMPOSSIBLE: error(
    'A gateway cannot do the proposal that the plan file demands',
    'The plan file says `proposal: modern`, names algorithms or an IKE version, and the platform of a gateway does not have them. natplan does not lower what was demanded. Leave `proposal` out to get the strongest that both gateways can.',
  ),
  PROPOSAL_LOWERED: note(
    'The tunnel uses other algorithms than usual',
    'The two platforms cannot both do the usual proposal, so the tunnel uses the strongest that both can. Both gateways are configured with the same.',
  ),
  PROPOSAL_REFUSED: error(
    'The proposal can be broken',
    'MD5 and DH groups below 5 give no protection against somebody who records the traffic (RFC 8221, RFC 8247). natplan does not write them.',
  ),
  PROPOSAL_WEAK: risk(
    'The proposal is weak',
    'SHA-1, 3DES and DH groups below 14 are deprecated (RFC 8221, RFC 8247). Use them only while a gateway that knows nothing better is in service.',
  ),
  MSS_BY_HAND: risk(
    'The TCP segment size must be limited elsewhere',
    'Encryption makes packets longer. Where full-size packets may not be fragmented and the notice about it gets lost, large transfers stall while small ones work. A limit on the TCP segment size prevents that; this platform, or this kind of interface, has no setting for it that natplan knows to be safe.',
  ),
  MSS_RAISED: note(
    'A smaller TCP segment size is replaced',
    'The gateway limits the TCP segment size on an interface already, to less than the tunnels need. Somebody may have set that for another reason, such as PPPoE on the uplink. The tunnels work with the smaller size as well: leave the line out to keep it. `remove` says what was there.',
  ),
  FREE_SPACE_ARP: risk(
    'A gateway must answer for addresses of its own LAN',
    'Hosts of a peer are called by free addresses of a subnet, so hosts of the subnet take them for neighbours and ask for them by ARP. Somebody must answer, or each host needs a route for them by the gateway, as nodes of Kubernetes get it from the route agent. natplan lets VyOS 1.4 and 1.5 and Linux answer for just these addresses (`protocols static neighbor-proxy arp`, `ip neigh add proxy`). VyOS 1.3, EdgeOS and Vyatta 5400 and 5600 have only `ip enable-proxy-arp` of a whole interface: the gateway then answers for everything that it routes by another interface, also to hosts with a wrong netmask, so that is left to whoever runs the LAN. `natplan verify` with the running configuration says whether it is there.',
  ),
  FREE_SPACE_UNSUPPORTED: error(
    'A gateway cannot lead free addresses of its LAN into a tunnel',
    'Hosts of a peer are called by free addresses of a subnet. For that the gateway needs a route to each that is longer than the connected one, ARP in its LAN, and a tunnel that carries the subnet by other addresses. VyOS, EdgeOS, Vyatta 5400 and Linux can; Vyatta 5600 with `mode: route`; gateways of clouds cannot.',
  ),
  ROUTE_SINGLE_ADDRESS: risk(
    'A route cannot be more specific than the tunnel',
    'On this platform the route to the virtual interface must be longer than the remote prefix of the tunnel. A single address has nothing longer, so the route that IPSec makes may win, and packets then leave without being translated.',
  ),
  RULE_BASE_UNFIT: error(
    'The first rule number does not exist on the platform',
    'NAT rule numbers go to 9999 on the older platforms. On EdgeOS both directions share one list: destination rules are 1000 to 4999, and source rules have a number 4000 higher.',
  ),
  FIREWALL_UNFIT: error(
    'The platform has no such set of filters',
    'Sets of filters are named as the device names them: WAN_IN on the Vyatta family, also "forward filter" and "input filter" on VyOS 1.4 and 1.5, family, table and chain on Linux ("inet filter forward"). For the platform generic natplan writes no rules of filters at all: `natplan explain firewall` says what they must let pass.',
  ),
  FIREWALL_RULE_TAKEN: error(
    'A rule of somebody else has a number that natplan needs',
    'The set of filters that the plan names has a rule there already, and natplan would change it. Give `first` a number behind which some are free, and in front of the rule that drops what is left.',
  ),
  FIREWALL_SET_MISSING: risk(
    'The gateway has no set of filters of that name',
    "The plan names a set for the rules of the tunnels, and the running configuration has none that is asked. A set of natplan alone stands in no packet's way, and lets none pass either.",
  ),
  RULE_NUMBERS_EXHAUSTED: error(
    'The platform has too few rule numbers',
    'Each pair of a local and a remote subnet needs a NAT rule of its own. Join neighbouring subnets into larger ones, or spread the peers over more gateways.',
  ),

  // Kubernetes nodes
  NODE_NETWORK_UNFIT: error(
    'Nodes cannot use this private network or gateway',
    'The agent finds the private gateway through the route of the private network, or is told its address. Both are IPv4, and the default route is never the one: packets for a peer would leave towards the internet.',
  ),
  NODE_POOLS_MEET: error(
    'A node could be in two node pools',
    'Each pool has an agent of its own, and two agents on one node take each other for strangers or undo what the other did. Give the pools a `nodeSelector` with the same label and different values, so that no node matches both.',
  ),
  TOLERATION_UNFIT: error(
    'Kubernetes would refuse a toleration',
    'A toleration without a key needs `operator: Exists`, `Exists` takes no value, and `tolerationSeconds` goes with `effect: NoExecute` only.',
  ),
  RESOURCES_UNFIT: error(
    'The agent asks for more than it may use',
    'Kubernetes refuses a pod whose request is above its limit, and by then the rest is applied. Where the plan names only one of the two, the other has its default: requests of 10m and 16Mi, a limit of 64Mi of memory.',
  ),
  NODE_ROUTE_UNSAFE: error(
    'A route would cut nodes off',
    "The prefix under which the site sees a peer shares addresses with the cluster's own pods, services or node subnets or with space that is reserved there, contains its gateway, or contains the private network. Nodes with such a route lose what they reach today, so nothing is written. Translate the subnet at the peer (`translate: always`), or list the space under `reserved`, so that no mapping falls into it.",
  ),
  NODE_ROUTES_TOO_MANY: error(
    'Nodes would get too many routes',
    'The agent takes 16,384 routes, and 4,096 prefixes each that routes must not meet (what is in use at the site) and that they may lie in (private space, and what the plan names outside it). Join neighbouring prefixes into larger ones.',
  ),
  NODE_ROUTE_COVERED: note(
    'A route is not needed',
    "The private network's own route on the nodes leads to the same gateway already, so the prefix is left out of the list. Name the gateway (`kubernetes.gateway`) where the nodes have no such route, or one that leads elsewhere: then every prefix is listed.",
  ),
  POD_ADDRESSES: note(
    "Pods must leave with their node's address",
    "Tunnels carry the addresses of nodes, not of pods: what a pod sends to a peer must be masqueraded to its node's address, or it meets no selector and is dropped. Most clusters do this for the internet but not for private addresses: look at `nonMasqueradeCIDRs` of ip-masq-agent, at Calico's IP pools (destinations inside one are not masqueraded), at Cilium's native routing CIDR. docs/kubernetes.md says more. Where pods keep their addresses, write `kubernetes.podEgress: routed`.",
  ),
  IMAGE_NOT_PINNED: risk(
    'The image of the agent has no version',
    'Without a tag, or with `latest`, nodes run whatever the registry held when they first pulled it. Name a version or a digest.',
  ),
  CLUSTERS_SEVERAL: error(
    'The output would be for more than one cluster',
    'The manifests of every Kubernetes site have the same names. Applied to one cluster, the later ones replace the earlier ones, and nodes get the routes of another site. Print one at a time with `--site`.',
  ),

  // Keys and templates
  PRE_SHARED_KEY_MISSING: risk(
    'A tunnel has no pre-shared key',
    'The plan file names no key for the tunnel, or the variable or file that it names is empty. The configuration has a comment in place of the key, and the device refuses to commit it.',
  ),
  KEY_SOURCE_REFUSED: error(
    'A key is taken from where the plan may not look',
    'A plan is often written by somebody else than runs natplan, and what it names as a key ends up in a router text. So a key comes from a variable whose name begins with `NATPLAN_`, or from a plain file below the folder of the plan file, not hidden there, also when links are followed. `--key-folder DIR` names another folder with keys. Nothing of what was named is read or shown.',
  ),
  KEY_CHARACTERS: error(
    'A key has characters that a platform does not take',
    'Routers store the key in files of their own; quotes, blanks and some signs end it early or are refused. `natplan psk` makes a key of letters and digits.',
  ),
  KEY_PREFIX: error(
    'A key begins like an encoded one',
    'strongSwan reads `0x` as hexadecimal and `0s` as base64, so the two gateways may take the same text for different keys.',
  ),
  KEY_SHORT: error(
    'A key is too short',
    'Whoever records the handshake can try keys at leisure. natplan wants at least 20 characters.',
  ),
  KEY_LONG: error('A key is too long', 'The platform cuts or refuses longer keys.'),
  SITE_FOLDER_UNFIT: error(
    'A site cannot have a folder of its name',
    'Each site gets a folder of its own. `A` and `a` are the same folder on Windows and macOS, where files of one site would replace those of the other; `con`, `nul`, `com1` and the like are devices on Windows. Nothing is written. `natplan plan` takes such names.',
  ),
  VALUE_UNSAFE: error(
    'A value cannot be written safely',
    'A name, description or interface holds a character that the configuration language takes as its own: a quote, a line break, `$`, a backslash. natplan refuses such values and never escapes them.',
  ),
  POLICY_UNSUPPORTED: error(
    'The platform cannot do what the policy asks',
    'The message says what. natplan writes nothing rather than a line that does something else.',
  ),
  TEMPLATE_WRONG: error(
    'A template of your own cannot be used',
    'Templates print values through `{{v name}}` and use `{{#each}}`, `{{#if}}` and `{{#unless}}` only; they see the same values as the template that they replace. The message has what the template engine said.',
  ),
  CONFIG_TUNNEL_INCOMPLETE: risk(
    'A tunnel of a configuration is not complete',
    'The configuration names a peer, but its addresses, groups or algorithms are missing or are of a kind that natplan does not compare. The peer is left out.',
  ),
  CONFIG_PLATFORM_LIKELY: note(
    'The platform of a configuration is only likely',
    'Nothing in the text is found on one platform only, so natplan takes the one that understands it best. Name the platform where that is wrong: `SITE:PLATFORM=FILE`.',
  ),
  NODE_ROUTES_NOT_UNDERSTOOD: risk(
    'Lines of a dump of routes are not understood',
    'They look like no output of `ip route show`, `ip address`, `ip rule` or `sysctl`, and no heading of a node. What they say does not count.',
  ),
  NODE_ROUTES_OTHER_TABLES: note(
    'A node has more routing tables than one',
    'natplan follows packets by the main table. Rules that lead to other tables, and the routes in them, are left out; look at them by hand.',
  ),

  // A gateway that is configured already
  EXISTING_NUMBER_IN_USE: error(
    'A rule number is in use',
    'The running configuration has a NAT rule of that number that natplan did not make; setting it again would mix the two. New rules avoid the numbers in use when the running configuration is given with `--existing`; a number that the lock holds does not move by itself.',
  ),
  EXISTING_RULE_FIRST: error(
    'A rule that is there takes the packets first',
    'NAT rules are tried in order, and the first that matches decides. A masquerade in front of a rule of the tunnel sends its packets out with the public address, and they never match a selector.',
  ),
  EXISTING_PEER: error(
    'There is a tunnel to the same address already',
    'Two tunnels to one address share keys and settings on the older platforms, and compete on the others. Remove the old one before adding the new.',
  ),
  EXISTING_SELECTOR: risk(
    'A tunnel that is there carries the same prefixes',
    'Only one of two tunnels with overlapping prefix pairs gets the packets, and which one is hard to tell.',
  ),
  EXISTING_ROUTE: risk(
    'A route leads elsewhere',
    'The running configuration routes a prefix that belongs to a peer from now on: packets for the peer may not reach the tunnel, or hosts behind that route are not reached any more.',
  ),
  EXISTING_NETWORK: error(
    'A network of the gateway is what a peer is seen as',
    'An interface of the running gateway has an address in a network that a peer is seen as from now on. A connected network wins over every shorter route, so packets for the peer stay there. Reserve the network in the plan, so that the peer is seen as another one.',
  ),
  EXISTING_NOT_FOLLOWED: risk(
    'Lines of the running gateway were not followed',
    'These lines were not understood, or are of a kind that natplan does not follow, and they could drop, translate or divert packets of the tunnels. That they do not is for somebody to check.',
  ),
  EXISTING_NAT_ELSEWHERE: error(
    'NAT of the running gateway stands in another tree',
    'Releases of a platform have their NAT rules in one list under service nat (Vyatta up to 6.3, EdgeOS) or in two (source and destination). What natplan writes for the platform of the plan is not what this device takes, so no lines are printed. Name the platform that it is, or enter the rules by hand.',
  ),
  EXISTING_OTHER_SITE: error(
    'The running configuration is that of another gateway',
    'Addresses, identities or peers in it are those of another site of the plan. The files may be swapped; lines that fit one gateway are wrong on another, so none are printed.',
  ),
  EXISTING_INTERFACE: error(
    'A virtual interface of that name is there already',
    'The interface behind the tunnels belongs to natplan alone, since removing the configuration removes it. Choose another name.',
  ),
  EXISTING_TAKEN: error(
    'Something else has a name or number that natplan needs',
    'Tunnels with a virtual interface take more than NAT rule numbers: the number of a routing table, a zone in which connections are tracked apart, the `if_id` of an XFRM interface, priorities of `ip rule`, addresses of the interface and names of IPSec groups. What the running gateway uses for something else is taken: the two would get each other’s packets, or the device refuses the change. Numbers follow `gateway.interfaceBase`, and stay as the lock has them until their line is removed from `interfaces` there.',
  ),
} as const satisfies Record<string, CodeEntry>
