export { Address } from './address/address.ts'
export type { Bits, Family } from './address/bits.ts'
export { fromIpNum, toIpNum } from './address/ip-num.ts'
export { lengthOfNetmask, lengthOfWildcard } from './address/mask.ts'
export { knownAddress, knownOf, type NamedAddress, textOf } from './address/named-address.ts'
export { outermost } from './address/outermost.ts'
export { Prefix, type Relation } from './address/prefix.ts'
export { PrefixSet } from './address/prefix-set.ts'
export { type KnownRange, privateRanges, specialPurposeRanges } from './address/special-purpose.ts'
export {
  emptyLock,
  interfaceKey,
  type Lock,
  type LockEntry,
  type LockedInterface,
  type LockedNumber,
  lockKey,
  numberKey,
  type PeerList,
  type ReleasedEntry,
} from './allocation/lock.ts'
export { readLock } from './allocation/read-lock.ts'
export { type Release, release } from './allocation/release.ts'
export { writeLock } from './allocation/write-lock.ts'
export type { PairCount } from './bulk/count-pairs.ts'
export { findOverlaps, type OverlapQuestion, type OverlapWalk, TableOverlaps } from './bulk/find-overlaps.ts'
export { type FaultyLine, type LineFault, LineReader, type LineReading } from './bulk/line-reader.ts'
export { listLine } from './bulk/list-line.ts'
export type { OverlapPair, PairVisitor, TableRow } from './bulk/overlap-pair.ts'
export type { PairShape, PairTexts } from './bulk/pair-texts.ts'
export { PoolSpace, type PoolUse } from './bulk/pool-space.ts'
export { PrefixTable, type PrefixTableOptions } from './bulk/prefix-table.ts'
export { readIpv4Lines } from './bulk/read-ipv4-lines.ts'
export type { PrefixFault } from './bulk/read-prefix.ts'
export type { OverlapGroup } from './bulk/walk-groups.ts'
export { writeNumber } from './bulk/write-prefix.ts'
export { type Code, type CodeEntry, codes } from './codes.ts'
export type {
  Authentication,
  Claim,
  Device,
  DeviceEnd,
  DeviceInterface,
  DeviceRoute,
  DeviceRule,
  DeviceTunnel,
  Doubt,
  EspOffer,
  IkeOffer,
  InterfaceAddress,
  InterfaceKind,
  NextHop,
  PlacedClamp,
  ProxyArp,
  ProxyArpEntry,
  RuleAction,
  RuleList,
  RuleSet,
  SteeringRule,
  Touch,
  TunnelChild,
  Unread,
  Written,
  WrittenSet,
} from './device/device.ts'
export { deviceOfPolicy } from './device/device-of-policy.ts'
export { connectedNetworks, interfaceOfRoute, privateSpace } from './device/next-hop.ts'
export { dataplaneStages, type Hook, hooks, kernelStages, type Stage, stagesOf } from './device/stages.ts'
export { type ShownRoutes, withShownRoutes } from './device/with-shown-routes.ts'
export { NatplanError } from './error.ts'
export {
  type About,
  bounded,
  collect,
  type Finding,
  findingOf,
  formatPath,
  hasErrors,
  inConfig,
  inInput,
  inLock,
  inPlan,
  type Path,
  type Place,
  type Remark,
  type Severity,
} from './finding.ts'
export { type Limit, limits as coreLimits, limitsOf } from './limits.ts'
export { everyAddress } from './match/box.ts'
export type { Ends, FlowBox } from './match/packet.ts'
export { icmpCode } from './match/packet.ts'
export type {
  ConnectionState,
  InterfaceMatch,
  PacketField,
  PacketMatch,
  TcpFlag,
  TcpFlags,
} from './match/packet-match.ts'
export { prefixOf } from './match/prefix-of.ts'
export { protocolName, protocolNames, protocolNumber, protocolsWithPorts, usualPorts } from './match/protocols.ts'
export { type Range, sharedRange } from './match/range.ts'
export { RangeSet, rangeOf } from './match/range-set.ts'
export { isSameMatch } from './match/same-match.ts'
export { fullNames, type Namesake, namesakes, shortName, siteLabel } from './network/host-names.ts'
export { includesOf } from './network/includes.ts'
export { keyOrder } from './network/key-order.ts'
export {
  type HostName,
  isHostName,
  nearest,
  parseDomain,
  parseHostName,
  parseSiteName,
  type SiteName,
} from './network/names.ts'
export type {
  AgentSettings,
  CertificateNames,
  DeadPeer,
  ExplicitProposal,
  FirewallRole,
  FirewallSet,
  Forward,
  Gateway,
  Host,
  Kubernetes,
  Network,
  NodePool,
  Reserved,
  Site,
  Start,
  Subnet,
  Toleration,
  Tunnel,
  TunnelSettings,
} from './network/network.ts'
export { normalize } from './network/normalize.ts'
export { type Peers, peersIn } from './network/peers.ts'
export { type Platform, platforms } from './network/platforms.ts'
export { type NetworkReading, readNetwork } from './network/read-network.ts'
export { type Reading, readWritten } from './network/read-written.ts'
export {
  type WrittenNetwork,
  type WrittenPlan,
  type WrittenSite,
  type WrittenTunnel,
  writtenNetwork,
  writtenPlan,
} from './network/written.ts'
export type { WrittenInclude } from './network/written-include.ts'
export type { Occupied } from './overlap/occupied.ts'
export { overlapsAmong, overlapsIn } from './overlap/overlaps-in.ts'
export type { Overlap, OverlapEffect, OverlapSide } from './overlap/overlaps-in-forest.ts'
export { type FilterPlace, filterPlaces, type Passage, type Position } from './passages/passages.ts'
export { placeAccepts } from './passages/place-accepts.ts'
export { plannedAccepts, type WrittenPath } from './passages/planned-accepts.ts'
export { type Change, type Touched, touchedBy } from './plan/changes.ts'
export { type AddressMeaning, type AddressView, explainAddress, specialMeaningOf } from './plan/explain-address.ts'
export { explainPrefix, type PrefixMeaning, type PrefixView, specialMeaningIn } from './plan/explain-prefix.ts'
export { type HostAt, type HostFace, hostFace, type Unreachable } from './plan/host-face.ts'
export {
  callableSights,
  exampleOf,
  type Mapping,
  mappingsBySubnet,
  type Plan,
  type Sight,
  shortText,
  sightsOf,
  visibleAs,
} from './plan/plan.ts'
export { type Planning, planNetwork } from './plan/plan-network.ts'
export { planProblems } from './plan/plan-problems.ts'
export { spaceTakenIn } from './plan/space-taken.ts'
export { type Abilities, abilities, type FilterNaming, type RuleNumbers } from './policy/abilities.ts'
export { type Cable, cableOf } from './policy/cables.ts'
export { checkExisting } from './policy/check-existing.ts'
export { ifIdOf } from './policy/clashing-claims.ts'
export { triesOnce } from './policy/connections.ts'
export { type Cut, cutsOf } from './policy/cuts.ts'
export { type Derivation, derivePolicies } from './policy/derive-policies.ts'
export { limitsFrom } from './policy/existing.ts'
export { fulfils } from './policy/fulfils.ts'
export type {
  Clamp,
  DhGroup,
  Encryption,
  EspSettings,
  GatewayPolicy,
  GatewayRoute,
  Hash,
  IkeSettings,
  NatAction,
  NatRule,
  PortRange,
  Selector,
  TunnelAuthentication,
  TunnelEnd,
  TunnelPolicy,
  VirtualInterface,
} from './policy/gateway-policy.ts'
export { tunnelName } from './policy/gateway-site.ts'
export { type Guarded, guardedBy } from './policy/guarded.ts'
export { type HandedOn, handedOnBy } from './policy/handed-on.ts'
export { besidesAdded, type DeviceShares, mergedDevice } from './policy/merged-device.ts'
export { segmentSize } from './policy/mtu.ts'
export { agentLimits, type NodeRouteList, type NodeRouting, nodeRoutes } from './policy/node-routes.ts'
export { isOwn, ownDescription, ownPrefix } from './policy/own.ts'
export { type Algorithms, negotiate } from './policy/proposals.ts'
export { raisedClamps } from './policy/raised-clamps.ts'
export { lockNumber, type NumberLimits } from './policy/rule-numbers.ts'
export { hidesHosts, selectorRules } from './policy/selector-rules.ts'
export { type TakeOver, takeOversOf } from './policy/take-overs.ts'
export type { Unfulfilled, UnfulfilledKind } from './policy/unfulfilled.ts'
export { whoseDevice } from './policy/whose-device.ts'
export { cut, quoted } from './quoted.ts'
export { type Disposition, type DispositionEntry, dispositions } from './trace/disposition.ts'
export { type ExploreOptions, exploreFlows, type FlowClass, type Flows } from './trace/flow-classes.ts'
export { type PacketRequest, tracePacket } from './trace/request.ts'
export type { DoubtAt, Ending, Hop, RouteTarget, Side, Step, Trace, Way } from './trace/step.ts'
export type { TraceOptions } from './trace/walk.ts'
export type { Reason } from './translation/decision.ts'
export { type Accept, acceptsOf, acceptText, matchOfAccept, type PrefixGroup, withAccepts } from './verify/accepts.ts'
export { leftOut } from './verify/checks/unread.ts'
export { type CheckEntry, checks } from './verify/checks.ts'
export { flowFindingCodes } from './verify/flow-findings.ts'
export type { FollowedClass } from './verify/follow.ts'
export { groupedBy } from './verify/grouped-by.ts'
export { type FlowPeer, flowsOfPlan, type IntendedFlow, peerText } from './verify/intended-flows.ts'
export { missingAccepts } from './verify/missing-accepts.ts'
export type { ProofResult, TunnelProof } from './verify/proof-table.ts'
export { isEveryService, servicesText } from './verify/services.ts'
export { rangeText } from './verify/shown.ts'
export { type Verification, type VerifyOptions, verify } from './verify/verify.ts'
export { wordTable } from './word-table.ts'
export { type Behind, behindOf, realOf } from './world/behind.ts'
export { isSingleIdentity, type PeerEnd, plainIdentity } from './world/ends.ts'
export { type SeenChild, seenChildren } from './world/far-maps.ts'
export { callNameOf, prefixesBehind, sitesWith } from './world/find-site.ts'
export { hostsBehind } from './world/hosts-behind.ts'
export type { Inference } from './world/inference.ts'
export { type NodeSite, nodesOfRoutes, type ShownNode, type ShownRoute } from './world/nodes-of-routes.ts'
export { peersOf } from './world/peers.ts'
export type { NodeGroup, NodeRoute, Sides, World, WorldSite } from './world/world.ts'
export { type DeviceSource, worldOfDevices } from './world/world-of-devices.ts'
export { worldOfPlan } from './world/world-of-plan.ts'
