import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { servePage } from '../files/serve-page.ts'
import { openSink } from '../files/text-sink.ts'
import { printLines, say } from '../terminal/streams.ts'
import { type Status, status } from './status.ts'

export async function runPage({ out }: { readonly out?: string | undefined }): Promise<Status> {
  const html = readFileSync(fileURLToPath(new URL('./natplan.html', import.meta.url)), 'utf8')
  if (out === undefined) {
    const { address, ended } = await servePage(html)
    printLines(address)
    say('natplan: open it in a browser of this machine; Ctrl-C ends it')
    await ended
    return status.good
  }
  const sink = openSink(out)
  sink.write(html)
  await sink.finish()
  return status.good
}
