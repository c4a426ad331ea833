import { type CodeEntry, error, note, risk } from './code-entry.ts'

/** What gateways and nodes get. */
export const gatewayCodes = {
  // Gateways
  PEER_WITHOUT_GATEWAY: risk(
    'A peer has no gateway in the plan file',
    'Without the outside address of the peer there is nothing to connect to, so the tunnel is left out of the configuration. Describe the gateway; `platform: generic` is enough for a product that natplan does not write.',
  ),
  TUNNEL_FAMILIES_DIFFER: error(
    'The ends of a tunnel have addresses of different families',
    'IPsec packets travel over IPv4 or over IPv6; both gateways need an outside address of the same family.',
  ),
  GATEWAY_PAIRS_MANY: error(
    'A gateway has too many pairs of subnets',
    'Each subnet of a site and each subnet of a peer make a pair with its own traffic selector and NAT rules, so 300 subnets towards 300 make 90,000 pairs. natplan writes a gateway with up to 40,000 pairs; `natplan plan` and the mapping have no such limit. Neighbouring subnets that are joined into one are translated as one.',
  ),
  TUNNEL_FORM_UNSUPPORTED: error(
    'A gateway cannot have such a tunnel',
    'Not every platform can bind a tunnel to a virtual interface, give such a tunnel selectors, or carry IPv6 there (with IKEv1 none can, unless the tunnel has selectors). Vyatta 5400 and 5600 refuse a tunnel of IPv6 prefixes between IPv4 addresses, and vice versa; EdgeOS, which descends from the same code, is assumed to do so as well. A gateway that also translates for its peer (`translateAt`) needs a second routing table behind a virtual cable inside itself, because its hosts and the peer’s may have the same addresses; few platforms have both. The hint names those that do.',
  ),
  UPLINK_ROUTE_BY_HAND: risk(
    'It is not known which routes lead a tunnel over its uplink',
    'Packets of a second tunnel must leave through its own uplink; otherwise both tunnels fail with the same line. natplan writes a route to the address of the peer if the plan gives `nextHop` for the uplink and the peer has another address for that tunnel. If the peer has only one address, the gateway must route by source address.',
  ),
  TRANSLATION_UNSUPPORTED: error(
    'A gateway translates nothing',
    'The VPN gateways of AWS and Google Cloud have no one-to-one NAT, but subnets of that site need other addresses for the peer. The other gateway can do both translations if its platform is one that the hint names: `translateAt: SITE` on that tunnel. Then the cloud only needs the connection and its routes.',
  ),
  CLOUD_NAT_UNFIT: error(
    "The NAT rules of a cloud's gateway cannot express this",
    'A NAT rule of an Azure VPN gateway applies to all packets of the connections that list it. It cannot depend on where a packet goes, and it rules out selectors for single prefixes: the tunnel then carries everything, and routes choose (`mode: route`, `selectors: any`).',
  ),
  CLOUD_LIMIT: error(
    "A cloud's gateway has reached its limit",
    'Azure: 100 NAT rules and 200 pairs of selectors per gateway. AWS: one pair of prefixes per connection, 100 static routes per virtual private gateway, and separate addresses for each connection. Google Cloud: one pair of prefixes per tunnel, since it puts all into one child. Tunnels with `mode: route` carry everything and count as one pair. docs/clouds.md has the sources.',
  ),
  CLOUD_VALUE_UNFIT: error(
    "A cloud's gateway does not accept this value",
    'The cloud limits lifetimes and dead peer detection, identifies gateways only by their addresses, and has its own range for addresses inside a tunnel, or none. docs/clouds.md lists the limits.',
  ),
  CLOUD_TUNNEL_ALONE: risk(
    'Only the first of two tunnels of a cloud is used',
    'AWS gives each VPN connection two tunnels, each with its own address and key, and does maintenance on one of them at a time (updates of a tunnel endpoint are announced, or come at once when they must). The two instances of an Azure gateway are also maintained one after the other. If the plan has only one tunnel, the two sites are cut off meanwhile, usually for some minutes. Plan the second tunnel as a second tunnel between the two sites, with its address under `uplinks` of the cloud’s gateway: see docs/clouds.md.',
  ),
  CLOUD_KEY_UNUSED: note(
    'A key has no effect for a cloud’s gateway',
    'A gateway of azure, aws or gcp has no interfaces, rule numbers or virtual interfaces that anybody sees. What the plan says about them is not used.',
  ),
  INTERFACE_NUMBERS_EXHAUSTED: error(
    'There are no numbers left for virtual interfaces',
    'Each tunnel with a virtual interface has a number, from `interfaceBase` on. The numbers of tunnels that left stay in the lock until you remove them there.',
  ),
  TUNNEL_EMPTY: note(
    'A tunnel has nothing to carry',
    'No subnet of one site has the same IP version as a subnet of the other, so the tunnel has no selector and is left out of the configuration.',
  ),
  TUNNEL_MAY_LEAK: risk(
    'Packets can leave unencrypted while the tunnel is down',
    'Without a trap policy, a gateway forwards packets for the peer like any others while there is no tunnel: already translated, and in clear. `start: trap` prevents that where the platform supports it. Where it does not, drop unencrypted packets to the prefixes of the peer in the firewall of the outside interface, and of every other uplink. On these platforms rules name one outside interface, so packets are not translated when another one takes over, and leave there in clear. The Vyatta family takes a VTI down with its tunnel, and with it the routes into it. A blackhole route for the same prefix with a larger distance then holds the packets.',
  ),
  IDENTITY_DUPLICATE: error(
    'Two gateways have the same IKE identity',
    'Each gateway proves its identity, and its peer picks the key by that identity. Without `gateway.identity` it is the address that peers send to.',
  ),
  START_UNSUPPORTED: error(
    'The platform cannot start a tunnel in that way',
    'VyOS 1.3 has two ways: bring the tunnel up at once, or trap packets. It cannot just wait for its peer.',
  ),
  IDENTITY_NOT_A_NAME: error(
    'A gateway without a fixed address has no name',
    'If the address of a gateway changes, its peer can recognise it only by its identity. So `gateway.identity` must be a name, of a host (`branch.example.net`) or of a user (`branch@example.net`), and key or certificate are for that name. VyOS 1.3, EdgeOS and Vyatta 5400 and 5600 accept only host names.',
  ),
  TUNNEL_ENDS_CHANGE: error(
    'The addresses of both ends of a tunnel change',
    'One end calls the other, so one of them needs a fixed address, or a host name that always leads to it (dynamic DNS): `outside.address: { host: NAME }`, or `outside.publicAddress` behind a NAT.',
  ),
  TUNNEL_BETWEEN_NATS: note(
    'Neither end of a tunnel can be reached without a NAT',
    'Each gateway is behind a NAT, or calls from an address that changes. The NAT in front of an end that is called must forward UDP 500 and 4500 to it; everything between the two travels in UDP 4500.',
  ),
  START_NEEDS_ADDRESS: error(
    'A gateway should call a peer whose address changes',
    'Nobody can call such a peer, and a trap for it holds nothing back: strongSwan installs no policy for a peer whose address is not known. The end with the fixed address answers, the other one initiates. Leave `start` out, and natplan sets both.',
  ),
  START_TRIED_ONCE: risk(
    'A lost tunnel comes up again only by hand',
    'A Vyatta 5600 tries to bring a tunnel up when it is configured, and not again. Its own address changes, so its peer cannot call it either. Dead peer detection restarts a tunnel that was up when the peer fell silent; in any other case somebody must do it.',
  ),
  KEYS_TOLD_BY_ADDRESS: risk(
    'Keys of several peers cannot be told apart',
    'With IKEv1 and pre-shared keys, the answering gateway must choose a key before its peer says who it is. It can only go by the address, and these peers have none that is known, so it uses one of the keys for all of them. Use IKEv2, certificates, or the same key.',
  ),
  KEYS_FOR_SAME_ENDS: risk(
    'Two tunnels between the same identities have different keys',
    'A gateway finds a pre-shared key by the identities of both ends. If two gateways have an identity of their own (`gateway.identity`) on every uplink, several tunnels between them look the same. A gateway may take the key of the other tunnel, and the tunnel does not come up. Use one key for both, or leave `identity` out: then each uplink is identified by its address.',
  ),
  CERTIFICATE_MISSING: error(
    'An end of a tunnel has no certificate',
    'With `authentication` both gateways authenticate by certificate. Name one certificate for each site, or one pair of names that exists on both devices.',
  ),
  AUTHENTICATION_TWICE: error(
    'A tunnel has a key and certificates',
    'Both gateways authenticate in the same way: by `preSharedKey` or by `authentication`.',
  ),
  START_NOBODY: error(
    'Both ends wait for the other',
    'With `start: respond` on both gateways the tunnel never comes up. Let at least one trap or initiate.',
  ),
  DEAD_PEER_INTERVAL_UNFIT: error(
    'The platform does not accept such a short interval for dead peer detection',
    'The 5400 accepts 15 to 86400 seconds between two probes of a silent peer, and refuses the line otherwise. Both gateways of a tunnel get the same interval.',
  ),
  DEAD_PEER_INTERVAL_DOUBTFUL: risk(
    'The platform may not accept such a short interval for dead peer detection',
    'EdgeOS publishes no schema, but it descends from the code of the 5400, which refuses less than 15 seconds between two probes of a silent peer.',
  ),
  NAT_TRAVERSAL_UNSUPPORTED: error(
    'The platform cannot force UDP encapsulation',
    'Gateways detect a NAT between them by themselves and then use UDP 4500. Forcing that without a NAT is a setting that this platform does not have.',
  ),
  PROPOSAL_UNKNOWN: error(
    'An algorithm is not known',
    'natplan has its own names for algorithms, the same for every platform: `aes256gcm128`, `aes256`, `sha384`, DH group numbers of the IANA registry. The hint lists them.',
  ),
  PROPOSAL_IMPOSSIBLE: error(
    'A gateway does not support the proposal that the plan file demands',
    'The plan file says `proposal: modern`, or names algorithms or an IKE version, but the platform of a gateway does not have them. natplan never lowers what was demanded. Leave `proposal` out to get the strongest that both gateways support.',
  ),
  PROPOSAL_LOWERED: note(
    'The tunnel uses weaker algorithms than usual',
    'The two platforms do not both support the usual proposal, so the tunnel uses the strongest that both support. Both gateways are configured with the same.',
  ),
  PROPOSAL_REFUSED: error(
    'The proposal can be broken',
    'MD5 and DH groups below 5 give no protection against somebody who records the traffic (RFC 8221, RFC 8247). natplan does not write them.',
  ),
  PROPOSAL_WEAK: risk(
    'The proposal is weak',
    'SHA-1, 3DES and DH groups below 14 are deprecated (RFC 8221, RFC 8247). Use them only while a gateway that supports nothing better is in service.',
  ),
  MSS_BY_HAND: risk(
    'The MSS must be clamped elsewhere',
    'Encryption makes packets longer. Where full-size packets may not be fragmented and the ICMP message about it gets lost, large transfers stall while small ones work. Clamping the MSS (TCP maximum segment size) prevents that. This platform, or this kind of interface, has no setting for it that natplan knows to be safe.',
  ),
  MSS_RAISED: note(
    'A smaller MSS clamp is replaced',
    'The gateway already clamps the MSS (TCP maximum segment size) on an interface, to less than the tunnels need. Somebody may have set that for another reason, such as PPPoE on the uplink. The tunnels work with the smaller size as well: leave the line out to keep it. `remove` says what was there.',
  ),
  FREE_SPACE_ARP: risk(
    'A gateway must answer for addresses of its own LAN',
    'Hosts of a peer have free addresses of a subnet there. So hosts of the subnet take them for neighbours and ask for them by ARP. Somebody must answer, or each host needs a route for them through the gateway, as Kubernetes nodes get from the route agent. natplan makes VyOS 1.4 and 1.5 and Linux answer for exactly these addresses (`protocols static neighbor-proxy arp`, `ip neigh add proxy`). VyOS 1.3, EdgeOS and Vyatta 5400 and 5600 only have `ip enable-proxy-arp` for a whole interface. The gateway then answers for everything that it routes through another interface, also to hosts with a wrong netmask, so that decision is left to whoever runs the LAN. `natplan verify` with the running configuration says whether the setting is there.',
  ),
  FREE_SPACE_UNSUPPORTED: error(
    'A gateway cannot lead free addresses of its LAN into a tunnel',
    'Hosts of a peer have free addresses of a subnet there. For that, the gateway needs a route to each that is longer than the connected one, ARP in its LAN, and a tunnel that carries the subnet under other addresses. VyOS, EdgeOS, Vyatta 5400 and Linux support this; Vyatta 5600 does with `mode: route`; cloud gateways do not.',
  ),
  ROUTE_SINGLE_ADDRESS: risk(
    'A route cannot be more specific than the tunnel',
    'On this platform the route to the virtual interface must be longer than the remote prefix of the tunnel. For a single address nothing is longer, so the route that IPsec installs may win, and packets then leave without being translated.',
  ),
  RULE_BASE_UNFIT: error(
    'The first rule number does not exist on the platform',
    'NAT rule numbers go up to 9999 on the older platforms. On EdgeOS both directions share one list: destination rules are 1000 to 4999, and source rules have numbers 4000 higher.',
  ),
  FIREWALL_UNFIT: error(
    'The platform has no such filter set',
    'Name filter sets as the device does: WAN_IN on the Vyatta family, also "forward filter" and "input filter" on VyOS 1.4 and 1.5; family, table and chain on Linux ("inet filter forward"). For the platform generic natplan writes no filter rules at all: `natplan explain firewall` says what they must let pass.',
  ),
  FIREWALL_RULE_TAKEN: error(
    'A rule of somebody else has a number that natplan needs',
    'The filter set that the plan names already has a rule with that number, and natplan would change it. Set `first` to a number with enough free ones after it, before the rule that drops the rest.',
  ),
  FIREWALL_SET_MISSING: risk(
    'The gateway has no filter set of that name',
    'The plan names a set for the rules of the tunnels, but the running configuration applies no set of that name anywhere. A set that only natplan fills is met by no packet, and lets none pass either.',
  ),
  RULE_NUMBERS_EXHAUSTED: error(
    'The platform has too few rule numbers',
    'Each pair of a local and a remote subnet needs its own NAT rule. Join neighbouring subnets into larger ones, or spread the peers over more gateways.',
  ),

  // Kubernetes nodes
  NODE_NETWORK_UNFIT: error(
    'Nodes cannot use this private network or gateway',
    'The agent finds the private gateway through the route of the private network, or is given its address. Both must be IPv4, and it is never the default route: packets for a peer would leave towards the internet.',
  ),
  NODE_POOLS_MEET: error(
    'A node could be in two node pools',
    'Each pool has its own agent, and two agents on one node would undo what the other did, or leave its routes alone as a stranger’s. Give the pools a `nodeSelector` with the same label and different values, so that no node matches both.',
  ),
  TOLERATION_UNFIT: error(
    'Kubernetes would refuse a toleration',
    'A toleration without a key needs `operator: Exists`, `Exists` takes no value, and `tolerationSeconds` works only with `effect: NoExecute`.',
  ),
  RESOURCES_UNFIT: error(
    'The agent requests more than it may use',
    'Kubernetes refuses a pod whose request exceeds its limit, and by then the rest is applied. If the plan names only one of the two, the other has its default: requests of 10m and 16Mi, a limit of 64Mi of memory.',
  ),
  NODE_ROUTE_UNSAFE: error(
    'A route would cut nodes off',
    "The prefix by which the site sees a peer overlaps the cluster's own pods, services or node subnets or space that is reserved there, or it contains its gateway or the private network. Nodes with such a route lose what they reach today, so nothing is written. Translate the subnet at the peer (`translate: always`), or list the space under `reserved`, so that no mapping falls into it.",
  ),
  NODE_ROUTES_TOO_MANY: error(
    'Nodes would get too many routes',
    'The agent accepts 16,384 routes. It also accepts up to 4,096 prefixes that routes must not overlap (what is in use at the site), and 4,096 that they may lie in (private space, and what the plan names outside it). Join neighbouring prefixes into larger ones.',
  ),
  NODE_ROUTE_COVERED: note(
    'A route is not needed',
    "The private network's own route on the nodes leads to the same gateway already, so the prefix is left out of the list. If the nodes have no such route, or one that leads elsewhere, name the gateway (`kubernetes.gateway`): then every prefix is listed.",
  ),
  POD_ADDRESSES: note(
    "Pods must leave with their node's address",
    "Tunnels carry the addresses of nodes, not of pods: what a pod sends to a peer must be masqueraded to its node's address, or it matches no selector and is dropped. Most clusters do this for the internet but not for private addresses. Look at `nonMasqueradeCIDRs` of ip-masq-agent, at Calico's IP pools (destinations inside one are not masqueraded), at Cilium's native routing CIDR. docs/kubernetes.md says more. If pods keep their addresses, write `kubernetes.podEgress: routed`.",
  ),
  IMAGE_NOT_PINNED: risk(
    'The image of the agent has no version',
    'Without a tag, or with `latest`, nodes run whatever the registry had when they first pulled it. Name a version or a digest.',
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
    'A key comes from where the plan may not look',
    'Whoever writes a plan is often not the one who runs natplan, and what a plan names as a key ends up in a router’s configuration. So a key comes from a variable whose name begins with `NATPLAN_`, or from a regular file below the folder of the plan file that is not hidden, even after links are followed. `--key-folder DIR` names another folder with keys. Nothing of what was named is read or shown.',
  ),
  KEY_CHARACTERS: error(
    'A key has characters that a platform does not accept',
    'Routers store the key in their own files; quotation marks, blanks and some other characters end it early or are refused. `natplan psk` makes a key of letters and digits.',
  ),
  KEY_PREFIX: error(
    'A key begins like an encoded one',
    'strongSwan reads `0x` as hexadecimal and `0s` as base64, so the two gateways may take the same text for different keys.',
  ),
  KEY_SHORT: error(
    'A key is too short',
    'Whoever records the handshake can try keys at leisure. natplan requires at least 20 characters.',
  ),
  KEY_LONG: error('A key is too long', 'The platform cuts or refuses longer keys.'),
  SITE_FOLDER_UNFIT: error(
    'A site’s name cannot be a folder',
    'Each site gets its own folder. `A` and `a` are the same folder on Windows and macOS, where files of one site would replace those of the other; `con`, `nul`, `com1` and the like are devices on Windows. Nothing is written. `natplan plan` accepts such names.',
  ),
  VALUE_UNSAFE: error(
    'A value cannot be written safely',
    'A name, description or interface contains a character with a special meaning in the configuration language: a quotation mark, a line break, `$`, a backslash. natplan refuses such values and never escapes them.',
  ),
  POLICY_UNSUPPORTED: error(
    'The platform cannot do what the policy requires',
    'The message says what. natplan writes nothing rather than a line that does something else.',
  ),
  TEMPLATE_WRONG: error(
    'One of your templates cannot be used',
    'Templates print values with `{{v name}}` and use only `{{#each}}`, `{{#if}}` and `{{#unless}}`; they get the same values as the template that they replace. The message has what the template engine said.',
  ),
  CONFIG_TUNNEL_INCOMPLETE: risk(
    'A tunnel of a configuration is not complete',
    'The configuration names a peer, but its addresses, groups or algorithms are missing or of a kind that natplan does not compare. The peer is left out.',
  ),
  CONFIG_PLATFORM_LIKELY: note(
    'The platform of a configuration was guessed',
    'Nothing in the text is unique to one platform, so natplan takes the one that understands it best. If that is wrong, name the platform: `SITE:PLATFORM=FILE`.',
  ),
  NODE_ROUTES_NOT_UNDERSTOOD: risk(
    'Lines of a route dump are not understood',
    'They do not look like output of `ip route show`, `ip address`, `ip rule` or `sysctl`, nor like the heading of a node. natplan ignores what they say.',
  ),
  NODE_ROUTES_OTHER_TABLES: note(
    'A node has more than one routing table',
    'natplan follows packets through the main table. Rules that lead to other tables, and the routes in them, are left out; look at them by hand.',
  ),

  // A gateway that is configured already
  EXISTING_NUMBER_IN_USE: error(
    'A rule number is in use',
    'The running configuration has a NAT rule with that number that natplan did not make; setting it again would mix the two. With the running configuration (`--existing`) new rules avoid the numbers in use, but a number that the lock holds does not move by itself.',
  ),
  EXISTING_RULE_FIRST: error(
    'An existing rule takes the packets first',
    'NAT rules are tried in order, and the first that matches decides. If a masquerade comes before a rule of the tunnel, it sends the packets out with the public address, and they never match a selector.',
  ),
  EXISTING_PEER: error(
    'There is already a tunnel to the same address',
    'Two tunnels to one address share keys and settings on the older platforms, and compete on the others. Remove the old one before you add the new one.',
  ),
  EXISTING_SELECTOR: risk(
    'An existing tunnel carries the same prefixes',
    'Only one of two tunnels with overlapping prefix pairs gets the packets, and it is hard to tell which.',
  ),
  EXISTING_ROUTE: risk(
    'A route leads elsewhere',
    'The running configuration has a route for a prefix that now belongs to a peer: packets for the peer may not reach the tunnel, or hosts behind that route become unreachable.',
  ),
  EXISTING_NETWORK: error(
    'A network of the gateway is a prefix by which a peer is seen',
    'An interface of the running gateway has an address in a network by which a peer will be seen. A connected network wins over every shorter route, so packets for the peer stay there. Reserve the network in the plan, so that the peer gets another prefix.',
  ),
  EXISTING_NOT_FOLLOWED: risk(
    'Lines of the running gateway were not followed',
    'These lines were not understood, or are of a kind that natplan does not follow. They could drop, translate or divert packets of the tunnels; somebody must check that they do not.',
  ),
  EXISTING_NAT_ELSEWHERE: error(
    'NAT of the running gateway is in another tree',
    'Some releases of a platform have their NAT rules in one list under `service nat` (Vyatta up to 6.3, EdgeOS), others in two (source and destination). This device does not accept what natplan writes for the platform in the plan, so no lines are printed. Name the platform that it is, or enter the rules by hand.',
  ),
  EXISTING_OTHER_SITE: error(
    'The running configuration is that of another gateway',
    'Addresses, identities or peers in it are those of another site of the plan. The files may be swapped. Lines that fit one gateway are wrong on another, so none are printed.',
  ),
  EXISTING_INTERFACE: error(
    'A virtual interface of that name exists already',
    'The interface behind the tunnels belongs to natplan alone, because removing the configuration removes it. Choose another name.',
  ),
  EXISTING_TAKEN: error(
    'Something else has a name or number that natplan needs',
    'Tunnels with a virtual interface take more than NAT rule numbers: the number of a routing table, a connection-tracking zone, the `if_id` of an XFRM interface, `ip rule` priorities, addresses of the interface and names of IPsec groups. Whatever the running gateway uses for something else is taken: otherwise the two would get each other’s packets, or the device would refuse the change. Numbers follow `gateway.interfaceBase`, and stay as the lock has them until you remove their line from `interfaces` there.',
  ),
} as const satisfies Record<string, CodeEntry>
