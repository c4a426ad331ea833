import { type CodeEntry, error, note, risk } from './code-entry.ts'

/** The network of a plan, its translations and its lock. */
export const planCodes = {
  // The network
  SITE_NAME_INVALID: error(
    'A site name is not usable',
    'Site names become names on routers and in Kubernetes: a letter, then up to 30 letters, digits, `-` or `_`.',
  ),
  SITE_UNKNOWN: error(
    'A site is not known',
    'The name is not among those under `sites`. The hint has the nearest name.',
  ),
  SITE_DUPLICATE: error(
    'Two files have the same site',
    'Each site must be in only one of the files that make up a plan. The message names both files; keep the site in one of them.',
  ),
  SITE_WITHOUT_TUNNEL: note(
    'A site has no tunnel',
    'The plan lists tunnels, and none of them names this site, so nothing is planned for it.',
  ),
  TUNNEL_TO_ITSELF: error('A tunnel joins a site to itself', 'A tunnel joins two different sites.'),
  TUNNEL_DUPLICATE: error(
    'Two tunnels join the same sites',
    'Two sites are joined by one tunnel; its selectors carry all of their subnets.',
  ),
  TUNNEL_KEYS_UNFIT: error(
    'A key does not fit this kind of tunnel',
    '`selectors` and `link` are for tunnels with a virtual interface (`mode: route`); a link is an IPv4 /30 or /31. `translateAt` names one of the two sites. Sites that talk through a third one (`through`) have no tunnel of their own, so write whatever concerns tunnels at those of the third site.',
  ),
  UPLINK_UNFIT: error(
    'An uplink does not exist, or cannot be used like this',
    'The `uplinks` of a tunnel name further uplinks to the internet, which the gateway lists under `gateway.uplinks`. Several tunnels between two sites must have `mode: route`, each over a different uplink at one end at least: routes with distances choose between them.',
  ),
  TRANSIT_WITHOUT_TUNNEL: error(
    'Two sites cannot talk through a third one',
    'The site that `through` names forwards what the two send to each other, so both need a tunnel to it, and it cannot be one of them. If the plan has gateways, it needs one too. If all translation for a spoke is done elsewhere, it must be done at the hub.',
  ),
  SUBNETS_OVERLAP_IN_SITE: error(
    'Two subnets of a site overlap',
    'An address would belong to two subnets of the same site and could have two translated addresses. Keep the larger one, or split it.',
  ),
  RESERVED_IN_SUBNET: risk(
    'Reserved space lies inside a subnet of the same site',
    'A whole subnet takes part in tunnels, so peers can reach this reserved space through it. List only the parts that peers should reach as subnets. The other way round is fine: reserved space around a subnet says that the rest is in use.',
  ),
  SUBNET_SPECIAL_PURPOSE: error(
    'A subnet is not usable space',
    'The prefix shares addresses with a block that has a special meaning everywhere: loopback, link-local, multicast, reserved space (RFC 6890). So do very short prefixes such as 0.0.0.0/0.',
  ),
  ENDPOINT_DUPLICATE: error(
    'Two gateways have the same outside address',
    'The outside address is where the other gateway sends encrypted packets; two sites cannot share it.',
  ),
  ENDPOINT_UNUSABLE: error(
    'No gateway can have that outside address',
    'Peers send to the address of `outside`, or to `publicAddress` behind NAT. 0.0.0.0 and :: mean "any", loopback addresses never leave the machine, and multicast, broadcast and reserved addresses belong to no host. Identity and key would be tied to that address too.',
  ),
  ENDPOINT_PRIVATE: risk(
    'A peer on the internet is given a private outside address',
    'A gateway behind NAT, such as a cloud instance, has a private address of its own, and peers reach it under a different one. Without `outside.publicAddress` the peer is configured to call the private address, and the tunnel comes up from one side at best, with identities that do not match. If both ends have private addresses they share a network, and natplan does not report this.',
  ),
  ENDPOINT_IN_SUBNET: risk(
    "A gateway's outside address lies inside a subnet",
    'Packets for that address stay in the local network of the site that has the subnet, so encrypted packets and the key exchange never leave. Usually one of the two is a mistake; if both are right, the gateway needs a route of its own to the address.',
  ),
  POOL_NOT_PRIVATE: error(
    'A pool is not private space',
    'Translated prefixes come from RFC 1918 (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16), RFC 6598 (100.64.0.0/10) or RFC 2544 (198.18.0.0/15). Anything else belongs to somebody, who would become unreachable. If that is you, list the space under `own`. Common mistakes: 172.32.0.0/16 (172.16.0.0/12 ends at 172.31) and 100.0.1.0/24 (shared space begins at 100.64).',
  ),
  POOL_NOT_IPV4: error('A pool is not IPv4', 'IPv4 is translated; IPv6 passes untranslated and needs no pool.'),
  OWN_SPACE_UNFIT: error(
    'Space under `own` is not usable',
    '`own` lists public IPv4 prefixes that are assigned to the owner of the plan, so that pools, `translateTo` and `hideBehind` may lie there. Loopback, link-local, multicast and reserved space belongs to nobody.',
  ),
  OWN_SPACE_IN_USE: note(
    'Space under `own` holds a subnet',
    'The subnet keeps its addresses, and nothing is translated to them; the rest of the space may be used.',
  ),
  HOST_NAME_INVALID: error(
    'A host has a name that DNS cannot have',
    'Names under `hosts` of a site consist of labels of lower-case letters, digits and `-`, with dots between them: `db`, `db.example.net`. A label has at most 63 characters and neither begins nor ends with `-`. A name has at most 253 characters, and its last label is not a number, so that no name is taken for an address.',
  ),
  HOST_OUTSIDE: risk(
    'A host has an address in no network of its site',
    'The plan gives a host of a site an address that is in no subnet, no reserved space and no range of the cluster, and not at the gateway. Nobody reaches it there under the name: the address or the site is wrong, or its network is missing.',
  ),
  HOST_NAME_AMBIGUOUS: risk(
    'One name would be two hosts',
    'A name with a dot, and a name with the domain or the name of its site, is whole: it should lead to one host wherever it is asked for. Two hosts of the plan have this one, so that `natplan names` writes it for neither. Correct a name, `domain` of a site, or the name of a site.',
  ),
  FREE_SPACE_UNFIT: error(
    'Free addresses are not a part of their subnet',
    '`free` lists parts of an IPv4 subnet that no host has. The rest of the subnet is for its hosts.',
  ),
  FREE_SPACE_IN_USE: error(
    'Addresses that should be free are not',
    'The plan itself assigns one of these addresses to somebody: the gateway, the gateway of the nodes, or a host that a port is forwarded to.',
  ),
  SITES_ALL_CONNECTED: note(
    'Without tunnels every pair of sites counts as connected',
    'With many sites that is rarely intended, and everything that collides anywhere is translated. List `tunnels` to plan what really exists.',
  ),

  // Translation
  PIN_LENGTH: error(
    'A pin differs in length from its subnet',
    'One-to-one translation keeps the host bits, so `translateTo` has the same length as `prefix`.',
  ),
  PIN_NOT_PRIVATE: error(
    'A pin is not private space',
    'The rule for pools also applies to `translateTo` and `hideBehind`: RFC 1918, RFC 6598 or RFC 2544 space, or public space listed under `own`.',
  ),
  PIN_CONTRADICTS: error(
    'A pin contradicts `translate: never`',
    'A subnet either keeps its addresses or has a translated prefix. Remove one of the two.',
  ),
  PIN_COLLIDES: error(
    'A pin is not free',
    'The prefix under `translateTo` shares addresses with space in use at a site, with `avoid`, with an endpoint, or with another pin. A single host may be given an address that its peer lists under `free` of a subnet, other than the first and the last of that subnet; every site that uses the address must list it.',
  ),
  FREE_SPACE_SEEN: error(
    'A site would see a subnet and, in its free addresses, another site',
    'An address in the `free` space of a subnet is only for the hosts of that subnet. Towards the site of the host that has this address there, and towards its other peers, the subnet must have other addresses. Otherwise one address would mean two hosts, and a tunnel would join a prefix with a part of itself.',
  ),
  FREE_SPACE_AT_HOME: risk(
    'The address by which another site knows a host may be another host at home',
    'Both sites use the same network, so the address by which peers know a host exists at its own site as well. When a packet goes from that address to the peers, the gateway there takes it for the host’s. So nobody there may have that address.',
  ),
  HIDE_RANGE_UNFIT: error(
    'A subnet cannot hide behind that range',
    '`hideBehind` names one address, or a small range (/24 to /31), that is smaller than the subnet. For a prefix of the same length `translateTo` gives each host an address of its own, which works in both directions.',
  ),
  HIDE_CONTRADICTS: error(
    '`hideBehind` contradicts another setting of the subnet',
    'A subnet hides behind few addresses, or has a translated prefix of its own length, or keeps its addresses. Keep one of the three.',
  ),
  HIDE_COLLIDES: error(
    'The prefix that a subnet hides behind is not free',
    'The prefix under `hideBehind` shares addresses with space in use at a site, with `avoid`, with an endpoint, or with the prefix by which peers know another subnet. Several subnets of one site may hide behind exactly the same prefix.',
  ),
  HIDDEN_ONE_WAY: note(
    'A subnet is hidden, so its peers open no connections to it',
    'All hosts of a subnet with `hideBehind` share one or a few addresses towards the peers. They reach the peers and get their answers. The peers reach them only through `forwards`, each of which leads from a port of the address to one host. The peers see every caller under the address of the whole subnet.',
  ),
  HIDDEN_FROM_EACH_OTHER: risk(
    'Two sites hide from each other',
    'All subnets of both ends of a tunnel hide behind few addresses, and no forward leads to a host: neither side can open a connection. Give one of the subnets a prefix of its own (`translateTo`), or add `forwards`.',
  ),
  FORWARD_UNFIT: error(
    'A forward leads to no host',
    'A forward leads from a port of the single address that a subnet hides behind to a host of that subnet.',
  ),
  FORWARD_DUPLICATE: error(
    'A port is forwarded twice',
    'Subnets of a site that hide behind the same address share its ports: each port of a protocol leads to one host.',
  ),
  TRANSLATION_IMPOSSIBLE: error(
    'A subnet that must keep its addresses collides',
    'The subnet says `translate: never`, but its addresses are in use at the other end of a tunnel, so packets for it would never leave there. Allow it to be translated, or renumber the other side.',
  ),
  IPV6_OVERLAP: error(
    'IPv6 prefixes overlap across a tunnel',
    'natplan translates IPv4. IPv6 has enough space for every site to have its own: renumber one side (unique local addresses, RFC 4193).',
  ),
  IPV6_NOT_TRANSLATED: error('IPv6 is not translated', '`translate: always` and `translateTo` are for IPv4 subnets.'),
  POOL_EXHAUSTED: error(
    'No pool has room',
    'The pools hold no free aligned block of the required size. The message says what was requested, what is left and the largest free block; the hint names a pool that would be large enough.',
  ),
  COMMON_RANGE: risk(
    'A prefix of a peer lies where Kubernetes nodes often have networks of their own',
    'Container software uses well-known ranges on every node by default: docker 172.17.0.0/16, Calico 192.168.0.0/16, flannel 10.244.0.0/16 and more. The plan file does not say which ranges this cluster uses. Check the node, then write them under `kubernetes.podSubnets` and `kubernetes.serviceSubnets`. The risk then goes away, or the peer gets a translated prefix.',
  ),
  TRANSLATION_KEPT: note(
    'A mapping stays although nothing collides any more',
    'The lock holds a translation whose reason is gone. Peers know the translated addresses, so natplan keeps it. `natplan release SITE PREFIX --renumber` returns the subnet to its real addresses.',
  ),

  // The lock
  MERGE_MARKERS: error(
    'A file has merge conflict markers',
    'Two branches changed the same lines. In a plan file keep what belongs to both sides and remove the lines with <<<<<<<, ======= and >>>>>>>. In a lock keep the side that is deployed as it is (`git checkout --ours`), then run `natplan plan --save`: what the other side added is allocated again.',
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
    'Space that a site now uses, a pin or `avoid` overlaps a translated prefix that the lock holds. natplan does not renumber by accident: change the new entry, or release the mapping.',
  ),
  LOCK_RENAMED: risk(
    'Peers must use another prefix for a deployed subnet',
    'The lock says that peers know the subnet by its real addresses. Now it collides with something new, so it is translated. Everything that uses the old addresses (firewalls, DNS, configuration) must change together with the gateways. If the newcomer can be translated instead, remove its `translate: never`.',
  ),
  MOVED_CONTRADICTS: error(
    'A site that was moved is still there',
    '`moved` says that a site of the lock has another name in the plan: `from` is the old name, which no site may have any more, and `to` is the new one.',
  ),
  SITE_MOVED: risk(
    'A site may have been renamed',
    'The lock has a site with translated prefixes that is no longer in the plan, and a new site has the same subnets. To natplan these are two sites: the new one gets its own translated prefixes, and everybody who uses the old ones must change. `moved` in the plan file says that it is the same site; its translated prefixes and rule numbers then stay.',
  ),
  SUBNET_MOVED: risk(
    'A subnet may have been renumbered',
    'A translated subnet left a site, and a new one of the same length is there. If it is the same network with other addresses, `translateTo` with the former translated prefix lets the peers go on using the addresses they know.',
  ),
  LOCK_PREFIX_UNFIT: error(
    'A locked translated prefix does not fit',
    'The translated prefix differs in length from the real one, is not IPv4, or is not private space. The lock was edited by hand.',
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
    'The platform of the gateway changed after the number was assigned, and the new one has a smaller range. Remove the line; the pair then gets another number, and the old rule must be removed from the gateway.',
  ),
  RELEASE_UNKNOWN: error(
    'There is nothing to release',
    'The lock has no entry for this site and prefix. The hint lists what the site has.',
  ),
  RELEASE_IN_USE: error(
    'A mapping is still in use',
    'The plan file still has this subnet. Freeing its translated prefix renumbers it at the next plan, which peers notice. Add `--renumber` if that is what you want.',
  ),
} as const satisfies Record<string, CodeEntry>
