/** What stands for one machine of the plan: a network namespace with interfaces, addresses and routes of its own. */
export interface MachinePlan {
  readonly name: string
  readonly kind: 'internet' | 'gateway' | 'nat' | 'host' | 'worker'
  readonly site: string | undefined
  /** Addresses that others may send to, the main one first. */
  readonly addresses: readonly string[]
  /** Where forwarded ports lead, beside the port that every host listens on; missing for none. */
  readonly ports?: readonly number[]
  /** Lines for `ip -batch`, once the links are there. */
  readonly commands: readonly string[]
  /** Below /proc/sys, by path. */
  readonly settings: Readonly<Record<string, string>>
  /** Rules of nft; missing for none. */
  readonly rules?: string
}

/** A cable between two machines. */
export interface Link {
  readonly ends: readonly [LinkEnd, LinkEnd]
}

export interface LinkEnd {
  readonly machine: string
  readonly interface: string
}

export interface GatewayPlan {
  readonly site: string
  readonly machine: string
  /** The platform of the plan, whose place Linux takes. */
  readonly platform: string
  /** Where it is on the internet. */
  readonly address: string
  /** Its own address, where a NAT has the other one; missing where it has that itself. */
  readonly own?: string
  /** Its further ways to the internet; missing for none. */
  readonly uplinks?: readonly UplinkPlan[]
}

export interface UplinkPlan {
  readonly interface: string
  readonly address: string
  readonly nextHop: string
  /** natplan makes no route over it: the gateway routes by source address. */
  readonly isBySource: boolean
}

/** A worker node and the DaemonSet whose pod runs on it. */
interface WorkerPlan {
  readonly site: string
  readonly machine: string
  readonly daemonSet: string
}

/** A call from one host to another across a tunnel, with the addresses that both ends must see. */
export interface LabPath {
  readonly tunnel: readonly [string, string]
  readonly from: string
  readonly source: string
  readonly to: string
  /** What the caller calls. */
  readonly called: string
  /** The address under which the receiver was reached. */
  readonly destination: string
  /** The caller's address as the receiver sees it; of one that hides behind several, their prefix. */
  readonly seenAs: string
  /** Both ends have the same address at home. */
  readonly isSameAddress: boolean
  /** The one port that leads there; missing where all do. */
  readonly service?: Service
}

interface Service {
  readonly protocol: 'tcp' | 'udp'
  readonly port: number
}

/** A call that must arrive nowhere: of hosts that hide. */
export interface ClosedPath {
  readonly tunnel: readonly [string, string]
  readonly from: string
  readonly source: string
  readonly called: string
  readonly protocol: 'icmp' | 'tcp' | 'udp'
}

/** Everything that is built, in plain data, so that a lab can say itself what it is. */
export interface LabTopology {
  readonly machines: readonly MachinePlan[]
  readonly links: readonly Link[]
  readonly gateways: readonly GatewayPlan[]
  readonly workers: readonly WorkerPlan[]
  readonly paths: readonly LabPath[]
  readonly closed: readonly ClosedPath[]
  /** What of the plan the lab does not show, a sentence each. */
  readonly leftOut: readonly string[]
}
