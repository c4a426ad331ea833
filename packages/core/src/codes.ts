/** What a code means: its severity, a title, and what to do about it, in Markdown; `natplan explain CODE` prints it. */
export interface CodeEntry {
  readonly severity: 'error' | 'risk' | 'note'
  readonly title: string
  readonly text: string
}

function error(title: string, text: string): CodeEntry {
  return { severity: 'error', title, text }
}

function risk(title: string, text: string): CodeEntry {
  return { severity: 'risk', title, text }
}

function note(title: string, text: string): CodeEntry {
  return { severity: 'note', title, text }
}

/** Every problem that natplan reports. Codes are stable: scripts may branch on them. */
export const codes = {
  // Files
  FILE_NOT_FOUND: error(
    'A file is not there',
    'The file named on the command line, or `natplan.yaml` in the current folder, does not exist. `natplan init` writes one.',
  ),
  FILE_UNREADABLE: error('A file cannot be read', 'The system refused to read the file; the message says why.'),
  FILE_UNWRITABLE: error('A file cannot be written', 'The system refused to write the file; nothing was changed.'),
  FILE_EXISTS: error('A file is already there', 'natplan does not overwrite a file that it was asked to create.'),
  FILE_FOREIGN: error(
    'A file in the output folder is not from natplan',
    'natplan writes a list of its files into the output folder and touches no other. A file that stands where natplan would write, or that was edited since natplan wrote it, is left alone, and nothing at all is written. Move the file away, or name another folder.',
  ),
  FILE_EMPTY: error(
    'A file is empty',
    'A plan file holds at least `version` and `sites`. `natplan init` writes a commented one.',
  ),
  FILE_NOT_UTF8: error(
    'A file is not UTF-8 text',
    'natplan reads UTF-8. Files saved as UTF-16 by some editors, and binary files, are refused. Save the file as UTF-8.',
  ),
  FILE_TOO_LARGE: error(
    'A file is too large to be a plan',
    'A plan file of ten thousand sites has about two megabytes; natplan reads at most 64 MiB, so that a wrong file name ends in a message.',
  ),
  FILE_FORMAT: error(
    'A file is packed or encoded in a way that is not read',
    'natplan reads text, also compressed with gzip, as UTF-8 or as UTF-16 with its byte order mark. Archives, workbooks and other compressions must be unpacked or exported first; a gzip file that ends in the middle was not copied as a whole.',
  ),

  // Text
  YAML_SYNTAX: error(
    'The text is not valid YAML',
    'The parser stopped at the position shown. Usual causes: a tab as indentation, a missing blank behind a colon, an unclosed bracket or quote.',
  ),
  YAML_ALIASES: error(
    'The file expands too far',
    'Anchors (`&name`) and aliases (`*name`) that refer to each other can grow without limit. natplan follows an anchor some ten thousand times and then stops.',
  ),
  YAML_TOO_DEEP: error(
    'The file is nested too deeply',
    'No plan file needs more than a few levels; this one has thousands.',
  ),
  KEY_DUPLICATE: error(
    'A key is written twice',
    'The same key appears twice in one mapping. YAML readers differ in which one wins, so natplan takes neither. Remove one.',
  ),
  KEY_UNKNOWN: error(
    'A key is not known',
    'The key has no meaning at this place. The hint names the nearest key that has. Keys are case-sensitive.',
  ),
  KEY_MISSING: error('A key is missing', 'The mapping needs this key.'),
  VALUE_WRONG: error(
    'A value is of the wrong kind',
    'The message says what is expected at this place: a text, a number, a list, a mapping, or one of a few words. Quote texts that look like numbers.',
  ),
  VERSION_UNSUPPORTED: error(
    'The file has another version',
    'This natplan reads version 1 of the file. A newer natplan wrote the file, or the number is a slip.',
  ),

  // Addresses
  ADDRESS_INVALID: error(
    'A text is not an IP address',
    'IPv4 is four decimal numbers from 0 to 255 without leading zeros (010 is octal 8 for some programs and 10 for others, so it is refused); IPv6 is RFC 4291 text without a zone.',
  ),
  PREFIX_INVALID: error(
    'A text is not a prefix',
    'A prefix is an address, a slash and a length: `10.0.1.0/24`. Short forms such as `10.0.1/24` are refused.',
  ),
  PREFIX_LENGTH_MISSING: error(
    'A prefix has no length',
    'An address alone could mean the host or its network. Write `/32` for one host.',
  ),
  PREFIX_LENGTH_INVALID: error(
    'A prefix length is not valid',
    'The length is a number from 0 to 32 (IPv4) or 0 to 128 (IPv6).',
  ),
  PREFIX_HOST_BITS: error(
    'A prefix has host bits set',
    'The address has bits behind the prefix length, as in `10.0.1.5/27`. It may be a slip in the address or in the length, so natplan asks instead of guessing; the hint has the network of that length.',
  ),

  // Collections of prefixes
  COLUMN_UNCLEAR: error(
    'Which column holds the prefixes is not clear',
    'Of a table with several columns natplan reads the only one that holds prefixes. Where none or more than one does, `--column` names it, or gives its number from 1 on; `--column ADDRESS,MASK` joins an address with the length or mask beside it.',
  ),
  JSON_SYNTAX: error(
    'A JSON document is broken',
    'The document ends in the middle or is no JSON, so what it means cannot be relied on and nothing of it is used. `--format ndjson` reads each line as a document of its own; `--extract` finds prefixes in any text.',
  ),
  LINES_BAD: risk(
    'Some of an input is no prefix',
    'Lines, cells or values that should be prefixes are not, and were left out. The first ones are shown; `--bad-lines FILE` writes all of them, `--strict` makes them an error. `--host-bits mask` takes the network of an address such as 10.0.1.5/24; `--extract` finds prefixes in any text.',
  ),
  PREFIXES_NONE: risk(
    'An input holds no prefix',
    'The input was read and nothing was found in it. It may be the wrong file, or need `--format`, `--column`, `--path` or `--extract`.',
  ),
  PAIRS_CUT: risk(
    'Not all pairs are written',
    'When many prefixes overlap many others, their pairs grow with the square: a million copies of one prefix are 500 billion pairs. The totals are exact all the same. `--limit` says how many pairs are written at most.',
  ),
  BLOCKS_TOO_FEW: error(
    'There are fewer free blocks than asked for',
    'The space given with `--in` has fewer free aligned blocks of this length outside of what is in use. All that there are were printed.',
  ),

  // The network
  SITE_NAME_INVALID: error(
    'A site name is not usable',
    'Site names become names on routers and in Kubernetes: a letter, then up to 30 letters, digits, `-` or `_`.',
  ),
  SITE_UNKNOWN: error('A site is not known', 'The name does not stand under `sites`. The hint has the nearest name.'),
  SITE_WITHOUT_TUNNEL: note(
    'A site has no tunnel',
    'The plan lists tunnels, and none of them names this site, so nothing is planned for it.',
  ),
  TUNNEL_TO_ITSELF: error('A tunnel joins a site to itself', 'A tunnel has two different sites.'),
  TUNNEL_DUPLICATE: error(
    'Two tunnels join the same sites',
    'Two sites are joined by one tunnel; its selectors carry all of their subnets.',
  ),
  SUBNETS_OVERLAP_IN_SITE: error(
    'Two subnets of a site overlap',
    'An address would belong to two subnets of the same site and could have two translated addresses. Keep the larger one, or split it.',
  ),
  RESERVED_IN_SUBNET: risk(
    'Reserved space lies inside a subnet of the same site',
    'A subnet takes part in tunnels as a whole, so peers can reach this reserved space through it. List the parts that should be reached as subnets instead.',
  ),
  SUBNET_SPECIAL_PURPOSE: error(
    'A subnet is not usable space',
    'The prefix shares addresses with a block that has a meaning of its own everywhere: loopback, link-local, multicast, reserved space (RFC 6890). Very short prefixes such as 0.0.0.0/0 do so too.',
  ),
  ENDPOINT_DUPLICATE: error(
    'Two gateways have the same outside address',
    'The outside address is where the other gateway sends encrypted packets; two sites cannot share it.',
  ),
  ENDPOINT_UNUSABLE: error(
    'No gateway can have that outside address',
    'Peers send to the address of `outside`, or to `publicAddress` behind NAT. 0.0.0.0 and :: mean "any", loopback addresses never leave the machine, multicast, broadcast and reserved ones belong to no host; identity and key would be of that address too.',
  ),
  ENDPOINT_PRIVATE: risk(
    'A private outside address is told to a peer on the internet',
    'A gateway behind NAT, such as an instance in a cloud, has a private address of its own, and peers reach it under another one. Without `outside.publicAddress` the peer is configured to call the private address, and the tunnel comes up at best from one side, with identities that do not fit. Where both ends have private addresses they share a network, and nothing is said.',
  ),
  ENDPOINT_IN_SUBNET: risk(
    "A gateway's outside address lies inside a subnet",
    'Packets for that address stay in the local network of the site that has the subnet, so encrypted packets and the key exchange never leave. Usually one of the two is a slip; where both are true, the gateway needs a route of its own to the address.',
  ),
  POOL_NOT_PRIVATE: error(
    'A pool is not private space',
    'Translated prefixes come from RFC 1918 (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16), RFC 6598 (100.64.0.0/10) or RFC 2544 (198.18.0.0/15). Anything else belongs to somebody, who would become unreachable. Common slips: 172.32.0.0/16 (172.16.0.0/12 ends at 172.31) and 100.0.1.0/24 (shared space begins at 100.64).',
  ),
  POOL_NOT_IPV4: error('A pool is not IPv4', 'IPv4 is translated; IPv6 passes as it is and needs no pool.'),
  SITES_ALL_CONNECTED: note(
    'Without tunnels every pair of sites is taken as connected',
    'With many sites that is rarely what is meant, and everything that collides anywhere is translated. List `tunnels` to plan what really exists.',
  ),

  // Translation
  PIN_LENGTH: error(
    'A pin has another length than its subnet',
    'One-to-one translation keeps the host bits, so `translateTo` has the same length as `prefix`.',
  ),
  PIN_NOT_PRIVATE: error(
    'A pin is not private space',
    'What holds for pools holds for `translateTo`: RFC 1918, RFC 6598 or RFC 2544 space only.',
  ),
  PIN_CONTRADICTS: error(
    'A pin contradicts `translate: never`',
    'A subnet either keeps its addresses or has a translated prefix. Remove one of the two.',
  ),
  PIN_COLLIDES: error(
    'A pin is not free',
    'The prefix under `translateTo` shares addresses with space in use at a site, with `avoid`, with an endpoint, or with another pin.',
  ),
  TRANSLATION_IMPOSSIBLE: error(
    'A subnet that must keep its addresses collides',
    'The subnet says `translate: never`, but its addresses are in use at the other end of a tunnel, so packets would never leave there. Let it be translated, or free the other side.',
  ),
  IPV6_OVERLAP: error(
    'IPv6 prefixes overlap across a tunnel',
    'natplan translates IPv4. IPv6 has enough space for every site to have its own: renumber one side (unique local addresses, RFC 4193).',
  ),
  IPV6_NOT_TRANSLATED: error('IPv6 is not translated', '`translate: always` and `translateTo` are for IPv4 subnets.'),
  POOL_EXHAUSTED: error(
    'No pool has room',
    'The pools hold no free aligned block of the size that is needed. The message says what was asked, what is left and the largest free block; the hint names a pool that would do.',
  ),
  COMMON_RANGE: risk(
    'A mapping lies where Kubernetes nodes often have networks of their own',
    'Container software uses well-known ranges on every node without being asked: docker 172.17.0.0/16, Calico 192.168.0.0/16, flannel 10.244.0.0/16 and more. The plan file does not say which ranges this cluster uses. Check the node, then write them under `kubernetes.podSubnets` and `kubernetes.serviceSubnets`; the risk then goes away, or the mapping moves.',
  ),
  TRANSLATION_KEPT: note(
    'A mapping stays although nothing collides any more',
    'The lock holds a translation whose reason is gone. Peers know the translated addresses, so natplan keeps it. `natplan release SITE PREFIX --renumber` lets the subnet return to its real addresses.',
  ),

  // The lock
  MERGE_MARKERS: error(
    'A file has merge conflict markers',
    'Two branches changed the same lines. In a plan file keep what belongs to both sides and remove the lines with <<<<<<<, ======= and >>>>>>>. Of a lock take the side that is deployed as it is (`git checkout --ours`), then `natplan plan --save`: what the other side added is allocated anew.',
  ),
  LOCK_SHARED_PREFIX: error(
    'Two lock entries hold overlapping translated prefixes',
    'Two people allocated on two branches, or the lock was edited. One of the two must move: remove the entry that is not yet deployed, and plan again.',
  ),
  LOCK_BOTH_REAL: error(
    'Two lock entries keep the same real addresses towards one site',
    'Each of two spokes was planned alone and kept its real prefix; together they collide at the hub. Remove the entry that is not yet deployed, and plan again: that subnet is then translated.',
  ),
  LOCK_COLLIDES: error(
    'A locked translated prefix is in use',
    'Space that a site now says it uses, a pin or `avoid` meets a translated prefix that the lock holds. natplan does not renumber by accident: change the new entry, or release the mapping.',
  ),
  LOCK_RENAMED: risk(
    'Peers must call a deployed subnet by another prefix',
    'The lock says that peers know the subnet by its real addresses, and now it collides with something that is new, so it is translated. Everybody who uses the old addresses (firewalls, DNS, configuration) must change with the gateways. When the newcomer can be translated instead, take `translate: never` away from it.',
  ),
  LOCK_PREFIX_UNFIT: error(
    'A locked translated prefix does not fit',
    'The translated prefix has another length than the real one, is not IPv4, or is not private space. The lock was edited by hand.',
  ),
  LOCK_OUTSIDE_POOLS: note(
    'A locked translated prefix is outside the pools',
    'The pools changed after the prefix was allocated. It stays as it is; new prefixes come from the new pools.',
  ),
  LOCK_SHARED_NUMBER: error(
    'Two lock entries hold the same rule number',
    'Two branches each took the next free number for a new pair of subnets on the same gateway. One of the two must move: remove the line that is not yet deployed, and plan again.',
  ),
  LOCK_NUMBER_UNFIT: error(
    'A locked rule number does not exist on the platform',
    'The platform of the gateway changed after the number was given, and the new one has a shorter range. Remove the line; the pair then gets another number, and the old rule must be removed from the gateway.',
  ),
  RELEASE_UNKNOWN: error(
    'There is nothing to release',
    'The lock has no entry for this site and prefix. The hint lists what the site has.',
  ),
  RELEASE_IN_USE: error(
    'A mapping is still in use',
    'The plan file still has this subnet. Freeing its translated prefix renumbers it at the next plan, which peers notice. Say `--renumber` if that is meant.',
  ),

  // Gateways
  PEER_WITHOUT_GATEWAY: risk(
    'A peer has no gateway in the plan file',
    'Without the outside address of the peer there is nothing to connect to, so the tunnel is missing from the configuration. Describe the gateway; `platform: generic` is enough for a product that natplan does not write.',
  ),
  TUNNEL_FAMILIES_DIFFER: error(
    'The ends of a tunnel have addresses of different families',
    'IPSec packets travel over IPv4 or over IPv6; both gateways need an outside address of the same family.',
  ),
  TUNNEL_EMPTY: note(
    'A tunnel has nothing to carry',
    'No subnet of one site has the IP version of a subnet of the other, so the tunnel has no selector and is left out of the configuration.',
  ),
  TUNNEL_MAY_LEAK: risk(
    'Packets can leave unencrypted while the tunnel is down',
    'Without a trap policy a gateway forwards packets for the peer like any other while there is no tunnel: translated already, and in clear. `start: trap` prevents that where the platform can. Where it cannot, drop packets to the prefixes of the peer that are not encrypted in the firewall of the outside interface, and of every other uplink: on these platforms rules name one outside interface, so packets are not translated when another one takes over, and leave there in clear.',
  ),
  IDENTITY_DUPLICATE: error(
    'Two gateways have the same IKE identity',
    'Each gateway proves that it is who it says, and its peer picks the key by that name. Without `gateway.identity` it is the address that peers send to.',
  ),
  START_UNSUPPORTED: error(
    'The platform cannot start a tunnel in that way',
    'VyOS 1.3 knows two ways: bring the tunnel up at once, or trap packets. It cannot only wait for its peer.',
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
    "The prefix under which the site sees a peer shares addresses with the cluster's own pods, services or node subnets, contains its gateway, or contains the private network. Nodes with such a route lose what they reach today, so nothing is written. Translate the subnet at the peer (`translate: always`), or list the space under `reserved`, so that no mapping falls into it.",
  ),
  NODE_ROUTES_TOO_MANY: error(
    'Nodes would get too many routes',
    'The agent takes 16,384 routes and 1,024 ranges of the cluster itself. Join neighbouring subnets into larger ones.',
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
    'The gateway has a second uplink. Rules and guards that name the first one do not hold there, so that packets leave unencrypted or untranslated while the first one is down.',
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
    'A destination rule sends packets for several addresses to one host: a port forward, or a map to a shorter range. The host that was called is not reached.',
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

  // What a running gateway lacks
  DIFF_UNSUPPORTED: error(
    'A running gateway cannot be compared',
    'natplan has no reader for the configuration of this platform, so it cannot say what would have to change there. `platform: generic` is a sheet for people: print it anew and compare it by hand.',
  ),
  DIFF_STILL_USED: risk(
    'Something of natplan is used by others',
    'It left the plan, but lines that natplan did not write refer to it or stand inside it, and without it the device would refuse to commit. It stays until those lines are gone.',
  ),
  DIFF_FILE_SHARED: error(
    'Others wrote into a file of natplan',
    'On Linux natplan replaces its files as a whole. Connections of others between its own would be lost with the next replacement, so nothing is printed. Move them to a file of their own.',
  ),
  DIFF_KEY_NOT_COMPARED: note(
    'A key was not compared',
    'The key of the plan is not at hand, or the running configuration shows stars in its place. If the keys differ, the tunnel stays down; compare them where both can be seen.',
  ),
  // The laboratory
  LAB_IMPOSSIBLE: error(
    'The laboratory cannot be built',
    '`natplan lab` builds the gateways of a plan in Linux network namespaces. It needs Linux, root, a few programs, a kernel with ESP, and a plan with a tunnel between two gateways; the message says what is lacking.',
  ),
  LAB_NOT_UP: error('There is no such laboratory', '`natplan lab up` builds one; `natplan lab down` takes it away.'),

  // The command line
  USAGE: error('The command line is not right', '`natplan --help` and `natplan COMMAND --help` show what is possible.'),
  CODE_UNKNOWN: error('There is no such code', '`natplan explain` without an argument lists all codes.'),
} as const satisfies Record<string, CodeEntry>

export type Code = keyof typeof codes
