import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { type AgentLoop, metric, type NodeUnderTest, protocol } from './node-under-test.ts'
import { onNodes } from './suites.ts'
import { bothTools } from './toolboxes.ts'

const prefixes = [
  '172.16.0.0/12',
  '172.20.5.0/24',
  '192.168.0.0/18',
  '192.168.1.0/24',
  '192.168.1.128/25',
  '192.168.2.0/24',
  '192.168.9.7/32',
  '198.18.0.0/15',
]
const gateways = ['10.1.2.1', '10.1.2.9', '10.1.2.10', '10.1.2.193']
const addresses = ['192.168.1.200/32', '172.20.5.5/32', '198.19.0.1/32']

/** Routes of others, and what each means to the agent where it meets a wanted prefix. */
const strangers: readonly { readonly route: string; readonly prefix?: string; readonly preferred?: boolean }[] = [
  ...prefixes.map((prefix) => ({ route: `${prefix} via 10.1.2.66`, prefix, preferred: true })),
  ...prefixes.map((prefix) => ({ route: `${prefix} via 10.1.2.66 metric 20000`, prefix, preferred: false })),
  { route: '192.168.1.0/24 via 10.1.2.66 proto 188 metric 20', prefix: '192.168.1.0/24', preferred: true },
  { route: 'blackhole 192.168.2.64/26', prefix: '192.168.2.64/26', preferred: true },
  { route: '172.20.5.0/25 nexthop via 10.1.2.66 nexthop via 10.1.2.67', prefix: '172.20.5.0/25', preferred: true },
  { route: '100.64.0.0/10 nexthop via 10.1.2.66 nexthop via 10.1.2.67' },
  { route: '44.0.0.0/8 via 10.1.2.66' },
  { route: `192.168.1.0/24 via 10.1.2.66 table 100 metric ${metric} proto ${protocol}` },
  { route: `192.168.99.0/24 via 10.1.2.66 table 100 metric ${metric} proto ${protocol}` },
  { route: `192.168.99.0/24 via 10.1.2.66 proto ${protocol}` },
  { route: `203.0.114.0/24 via 10.1.2.66 metric ${metric} proto static` },
]
const broken = [
  '',
  '[',
  '["192.168.1.0/24",]',
  '["192.168.1.5/24"]',
  'null',
  '["192.168.1.0/24" "x"]',
  '["127.0.0.0/8"]',
  '{}',
]

/** A small generator of numbers, the same for the same seed. */
class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }

  one<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new Error('nothing to choose from')
    return item
  }

  some<Item>(items: readonly Item[]): Item[] {
    return items.filter(() => this.below(2) === 0)
  }
}

function contains(outer: string, inner: string): boolean {
  const [[high, length], [low, innerLength]] = [outer, inner].map((prefix) => {
    const [address = '', bits = ''] = prefix.split('/')
    return [address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0), Number(bits)] as const
  }) as [readonly [number, number], readonly [number, number]]
  const size = 2 ** (32 - length)
  return length <= innerLength && Math.floor(high / size) === Math.floor(low / size)
}

/** A node, and beside it what should be true of it. */
class World {
  readonly node: NodeUnderTest
  readonly dice: Dice
  readonly #history: string[] = []
  #loop: AgentLoop
  #wanted: readonly string[] | undefined = []
  #gateway: string | undefined = '10.1.2.1'
  #own = new Map<string, string>()
  /** What the last look that left everything right had been asked for. */
  #settled: string | undefined
  #disturbances = 0
  #quiet = 0
  #strangers = new Set<(typeof strangers)[number]>()
  #addresses = new Set<string>()

  constructor(node: NodeUnderTest, loop: AgentLoop, dice: Dice) {
    this.node = node
    this.#loop = loop
    this.dice = dice
  }

  get #events(): readonly (readonly [name: string, happen: () => void | Promise<void>])[] {
    return [
      ['a new list', () => this.#list(this.dice.some(prefixes))],
      ['another list', () => this.#list(this.dice.some(prefixes))],
      ['the same list again', () => this.#wanted && this.#list([...this.#wanted].reverse())],
      ['an empty list', () => this.#list([])],
      ['a broken list', () => this.#break()],
      ['one route lost', () => this.#lose(1)],
      ['all routes lost', () => this.#lose(prefixes.length)],
      ['a new gateway', () => this.#move(this.dice.one(gateways))],
      ['another gateway', () => this.#move(this.dice.one(gateways))],
      ['no private route', () => this.#move(undefined)],
      ['a stranger', () => this.#invite()],
      ['another stranger', () => this.#invite()],
      ['a stranger leaves', () => this.#sendAway(1)],
      ['all strangers leave', () => this.#sendAway(strangers.length)],
      ['an address comes', () => this.#address('add')],
      ['an address goes', () => this.#address('del')],
      ['a restart', () => this.#restart('SIGTERM')],
      ['a kill', () => this.#restart('SIGKILL')],
      ['a kill amid a change', () => this.#killAmidChange()],
    ]
  }

  /** Lets one thing happen and expects the agent to deal with it. */
  async event(): Promise<void> {
    const [name, happen] = this.dice.one(this.#events)
    this.#history.push(name)
    await happen()
    const before = this.node.split()
    this.#settle()
    const own = [...this.#own].map(([prefix, gateway]) => `${prefix} ${gateway}`).sort()
    this.#weigh(before.own.join() !== own.join())
    await this.#loop.look()
    const after = this.node.split()
    const seen = { ...after, verdict: this.#loop.verdict, history: this.#history }
    expect(seen).toEqual({ own, foreign: before.foreign, verdict: this.#verdict(), history: this.#history })
  }

  #list(wanted: readonly string[]): void {
    this.#wanted = wanted
    this.node.list(wanted)
  }

  #break(): void {
    this.#wanted = undefined
    if (this.dice.below(4) === 0) this.node.configMap.write({})
    else this.node.list(this.dice.one(broken))
  }

  #lose(limit: number): void {
    const lost = [...this.#own].slice(0, limit)
    for (const [prefix] of lost) this.#own.delete(prefix)
    const lines = lost.map(([prefix, gateway]) => `ip route del ${prefix} via ${gateway} metric ${metric}`)
    this.node.namespace.script(lines.join('\n'))
  }

  #move(gateway: string | undefined): void {
    if (gateway !== undefined) this.node.ip(`route replace 10.0.0.0/8 via ${gateway}`)
    else if (this.#gateway !== undefined) this.node.ip('route del 10.0.0.0/8')
    this.#gateway = gateway
  }

  #invite(): void {
    const stranger = this.dice.one(strangers)
    if (this.#strangers.has(stranger)) return
    this.#strangers.add(stranger)
    this.node.ip(`route add ${stranger.route}`)
  }

  #sendAway(limit: number): void {
    for (const stranger of [...this.#strangers].slice(0, limit)) {
      this.#strangers.delete(stranger)
      this.node.ip(`route del ${stranger.route}`)
    }
  }

  #address(change: 'add' | 'del'): void {
    const address = this.dice.one(addresses)
    if (this.#addresses.has(address) === (change === 'add')) return
    this.node.ip(`addr ${change} ${address} dev lo`)
    if (change === 'add') this.#addresses.add(address)
    else this.#addresses.delete(address)
  }

  async #restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { own } = this.node.split()
    await this.#loop.end(signal)
    expect(this.node.split().own).toEqual(own)
    await this.#begin()
  }

  async #killAmidChange(): Promise<void> {
    this.#list(this.dice.some(prefixes))
    this.#loop.wake()
    await sleep(this.dice.below(20))
    await this.#loop.end('SIGKILL')
    await this.#begin()
  }

  /** A new agent knows nothing of earlier looks. */
  async #begin(): Promise<void> {
    this.#settle()
    this.#loop = await this.node.start()
    this.#settled = undefined
    this.#disturbances = 0
    this.#quiet = 0
    this.#weigh(false)
  }

  #held(prefix: string): boolean {
    return [...this.#addresses].some((address) => contains(prefix, address))
  }

  /** What a look makes of the routes. */
  #settle(): void {
    const wanted = this.#wanted
    if (wanted === undefined || (wanted.length > 0 && this.#gateway === undefined)) return
    for (const prefix of this.#own.keys()) if (!wanted.includes(prefix)) this.#own.delete(prefix)
    for (const prefix of wanted) if (!this.#held(prefix)) this.#own.set(prefix, this.#gateway ?? '')
  }

  /** Counts a look that finds the routes changed though it is asked for nothing else than when all was right. */
  #weigh(isDifferent: boolean): void {
    const wanted = this.#wanted
    if (wanted === undefined || (wanted.length > 0 && this.#gateway === undefined)) return
    const held = wanted.filter((prefix) => this.#held(prefix))
    const wish = JSON.stringify([wanted, held, wanted.length > 0 && this.#gateway])
    if (isDifferent && wish === this.#settled) {
      this.#disturbances += 1
      this.#quiet = 0
    } else {
      this.#quiet += 1
      if (this.#quiet >= 5) this.#disturbances = 0
    }
    this.#settled = wish
  }

  #verdict(): string {
    const wanted = this.#wanted
    if (wanted === undefined || (wanted.length > 0 && this.#gateway === undefined)) return 'not-ready'
    const disturbed = [...this.#strangers].some((stranger) => this.#disturbs(stranger, wanted))
    const isFought = this.#disturbances >= 3
    return isFought || disturbed || wanted.some((prefix) => this.#held(prefix)) ? 'not-ready' : 'ready'
  }

  #disturbs({ prefix, preferred }: (typeof strangers)[number], wanted: readonly string[]): boolean {
    if (prefix === undefined) return false
    if (wanted.includes(prefix)) return preferred === true && !this.#held(prefix)
    const around = wanted.filter((outer) => contains(outer, prefix))
    const nearest = around.sort((a, b) => Number(b.split('/')[1]) - Number(a.split('/')[1]))[0]
    return nearest !== undefined && !this.#held(nearest)
  }
}

onNodes('chaos', bothTools, (fresh) => {
  const seed = Number(process.env['NATPLAN_SEED'] ?? 1)
  const events = 200

  it(`${events} random events with seed ${seed}: right after each of them, and strangers' routes untouched`, async () => {
    const node = fresh()
    node.list([])
    const world = new World(node, await node.start(), new Dice(seed))
    for (let i = 0; i < events; i += 1) await world.event()
  })
})
