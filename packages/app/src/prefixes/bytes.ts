const utf8Decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const utf8Encoder = new TextEncoder()

/** What bytes say in UTF-8; what is none is shown as such. */
export function utf8(bytes: Uint8Array): string {
  return utf8Decoder.decode(bytes)
}

export function utf8Bytes(text: string): Uint8Array {
  return utf8Encoder.encode(text)
}

/** One character for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** One byte for each character, all of which are below 256. */
export function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}
