/** What a file on this machine holds now, or why that is not known. */
export interface LiveText {
  readonly name?: string | undefined
  readonly text?: string | undefined
  readonly problem?: string | undefined
}

/** So often it is asked for, in ms. */
const pause = 1000

/** Where the plan file is that `natplan page FILE` gives with the page; any other page has none, and asks for nothing. */
export function liveAddress(): string | undefined {
  const place = document.querySelector<HTMLMetaElement>('meta[name="natplan-live"]')?.content
  return place === undefined || location.protocol !== 'http:' ? undefined : new URL(place, location.href).href
}

/** Gives what the file holds, and again when that is something else, for as long as the page is open. */
export async function follow(address: string, take: (live: LiveText) => void): Promise<never> {
  let tag: string | undefined
  for (;;) {
    try {
      const response = await fetch(address, { headers: tag === undefined ? {} : { 'If-None-Match': tag } })
      if (response.ok) take(liveTextIn(await response.json()))
      else if (response.status !== 304) throw new Error(`status ${response.status}`)
      tag = response.headers.get('etag') ?? undefined
    } catch {
      tag = undefined
      take({ problem: 'natplan page does not answer any more' })
    }
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

function liveTextIn(value: object): LiveText {
  const textOf = (key: keyof LiveText) => {
    const text: unknown = Reflect.get(value, key)
    return typeof text === 'string' ? text : undefined
  }
  return { name: textOf('name'), text: textOf('text'), problem: textOf('problem') }
}
