import { bytesOf } from '../packing.ts'
import { unpackLzma } from './lzma.ts'

/** The worker lies in the page as packed text, which is no script until it is asked for. */
export function startWorker(): Worker {
  const source = unpackLzma(bytesOf(document.getElementById('worker')?.textContent ?? ''))
  return new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))
}
