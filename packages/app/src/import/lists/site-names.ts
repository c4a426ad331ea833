/** So long may the name of a site be. */
const longestName = 31

/** Letters that Unicode does not take apart, as people write them without. */
const letters: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  Ä: 'Ae',
  Ö: 'Oe',
  Ü: 'Ue',
  ß: 'ss',
  æ: 'ae',
  Æ: 'Ae',
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
}

/** The text in ASCII: `Köln Süd` → `Koeln Sued`, `Orléans` → `Orleans`. */
export function inAscii(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^\0-\x7f]/g, (letter) => letters[letter] ?? letter)
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
}

/** A name that a site may have, from what people call it: `Köln Süd` → `Koeln-Sued`. */
export function siteNameOf(called: string): string {
  const name = inAscii(called)
    .replace(/[^A-Za-z0-9_]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
  const begun = /^[A-Za-z]/.test(name) ? name : `site-${name}`
  return cut(begun, longestName)
}

/** Gives each of the names that people use a name of its own, in the order in which they are first asked for. */
export class SiteNames {
  readonly #known = new Map<string, string>()
  readonly #taken = new Set<string>()
  /** The number that the next site with this name gets. */
  readonly #next = new Map<string, number>()

  /** @param called all that will be asked for: a name that may stand as it is belongs to nobody else. */
  constructor(called: Iterable<string>) {
    for (const one of called) {
      const key = siteKeyOf(one)
      if (siteNameOf(one) !== one || this.#known.has(key) || this.#taken.has(one.toLowerCase())) continue
      this.#keep(key, one)
    }
  }

  /** What people write in capitals or with more blanks is the same site. */
  nameOf(called: string): string {
    const key = siteKeyOf(called)
    return this.#known.get(key) ?? this.#keep(key, this.#free(siteNameOf(called)))
  }

  /** The name of a site that has been asked for. */
  known(called: string): string | undefined {
    return this.#known.get(siteKeyOf(called))
  }

  #keep(key: string, name: string): string {
    this.#known.set(key, name)
    this.#taken.add(name.toLowerCase())
    return name
  }

  #free(name: string): string {
    let free = name
    let number = this.#next.get(name) ?? 2
    for (; this.#taken.has(free.toLowerCase()); number++) {
      free = `${cut(name, longestName - String(number).length - 1)}-${number}`
    }
    this.#next.set(name, number)
    return free
  }
}

/** What people write in capitals or with more blanks has the same key. */
export function siteKeyOf(called: string): string {
  return called.normalize('NFC').toLowerCase().split(/\s+/).join(' ').trim()
}

function cut(name: string, length: number): string {
  return name.slice(0, length).replace(/[-_]+$/, '')
}
