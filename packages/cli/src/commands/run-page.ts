import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { NatplanError } from '@natplan/core'
import { servePage } from '../files/serve-page.ts'
import { openSink } from '../files/text-sink.ts'
import { livePlan } from '../input/live-plan.ts'
import { type Status, status } from '../terminal/status.ts'
import { printLines, say } from '../terminal/streams.ts'
import type { PlanFileOptions } from './command.ts'
import { oneFile } from './one-file.ts'

export interface PageOptions extends Pick<PlanFileOptions, 'plan' | 'file'> {
  readonly out?: string | undefined
}

export async function runPage({ out, plan, file }: PageOptions): Promise<Status> {
  const followed = oneFile(plan, file)
  const html = readFileSync(fileURLToPath(new URL('./natplan.html', import.meta.url)), 'utf8')
  if (out === undefined) {
    const { address, ended } = await servePage(html, followed === undefined ? undefined : livePlan(followed))
    printLines(address)
    say('natplan: open it in a browser of this machine; Ctrl-C ends it')
    await ended
    return status.good
  }
  if (followed !== undefined) {
    throw new NatplanError('USAGE', 'a page that is written to a file follows no plan file', {
      hint: 'without -o the page is served, and follows it',
    })
  }
  const sink = openSink(out)
  sink.write(html)
  await sink.finish()
  return status.good
}
