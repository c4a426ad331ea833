/** A name that nobody guesses and nothing else has, in hexadecimal digits. Node.js loads what makes it when it is asked for. */
export function randomName(bytes: number): string {
  return Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(bytes))).toString('hex')
}
