import { pictureStyle } from '@natplan/app'
import { render } from 'preact'
import { Kept } from './kept.ts'
import { givenOfLink } from './link.ts'
import { follow, liveAddress } from './live.ts'
import { Store } from './store.ts'
import { App } from './views/app.tsx'
import { startWorker } from './worker/start-worker.ts'

const pictures = new CSSStyleSheet()
pictures.replaceSync(pictureStyle)
document.adoptedStyleSheets = [pictures]

const root = document.getElementById('natplan')
if (!root) throw new Error('the page has no place for natplan')
const store = new Store(startWorker, Kept.find())
// What a link carries does not take the place of what is kept.
const address = liveAddress()
if (location.hash === '' && address === undefined) store.reopen()
render(<App store={store} />, root)
// The page is there before what computes is unpacked.
requestAnimationFrame(() => setTimeout(() => store.start()))

async function openLink(): Promise<void> {
  const linked = await givenOfLink(location.hash)
  if (linked) store.give(linked)
}

addEventListener('hashchange', () => void openLink())
await openLink()
if (address !== undefined) void follow(address, (live) => store.takeLive(live))
