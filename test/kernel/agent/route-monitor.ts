import type { ChildProcess } from 'node:child_process'
import { until } from '../../support/namespaces.ts'
import { lines, type NodeUnderTest } from './node-under-test.ts'

/** Listens to the kernel's own account of every change to the routes of a node. */
export class RouteMonitor {
  readonly #node: NodeUnderTest
  readonly #child: ChildProcess
  #text = ''
  #markers = 0

  private constructor(node: NodeUnderTest) {
    this.#node = node
    this.#child = node.namespace.start(['ip', '-N', '-4', 'monitor', 'route'], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#text += text
    })
  }

  static async start(node: NodeUnderTest): Promise<RouteMonitor> {
    const monitor = new RouteMonitor(node)
    let attempts = 0
    await until(
      () => 'a monitor that listens',
      () => {
        attempts += 1
        node.ip(`route add blackhole 198.51.100.0/24 metric ${attempts} table 999`)
        return monitor.#text.includes('198.51.100.0/24')
      },
    )
    await monitor.changes()
    monitor.#text = ''
    return monitor
  }

  /** Returns everything that has happened so far, oldest first: `Deleted …` or the route that was added. */
  async changes(): Promise<string[]> {
    this.#markers += 1
    const marker = `198.51.${100 + this.#markers}.0/24`
    this.#node.ip(`route add blackhole ${marker} table 999`)
    await until(
      () => 'the marker of the monitor',
      () => this.#text.includes(marker),
    )
    return lines(this.#text).filter((line) => !line.includes(' table 999'))
  }

  /** Reports the fewest routes to a prefix that existed at any moment, given how many there were at the start. */
  async fewest(prefix: string, atStart: number): Promise<number> {
    const steps = (await this.changes())
      .filter((line) => line.replace('Deleted ', '').startsWith(`${prefix} `))
      .map((line) => (line.startsWith('Deleted ') ? -1 : 1))
    let now = atStart
    return Math.min(atStart, ...steps.map((step) => (now += step)))
  }
}
