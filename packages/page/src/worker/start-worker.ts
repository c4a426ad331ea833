import { bytesOf, unpacked } from '../packing.ts'

/** The worker lies in the page as packed text, which is no script until it is asked for. */
export async function startWorker(): Promise<Worker> {
  const packed = document.getElementById('worker')?.textContent ?? ''
  const source = await unpacked(bytesOf(packed.trim()))
  return new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })))
}
