import { type Given, givenIn, isNothing } from './answers/given.ts'

const name = 'natplan'

/** What this browser keeps of the page when somebody asked it to: in its local storage, which is sent to nobody. */
export class Kept {
  readonly #storage: Storage

  private constructor(storage: Storage) {
    this.#storage = storage
  }

  /** `undefined` where the browser forbids it. */
  static find(): Kept | undefined {
    try {
      return new Kept(localStorage)
    } catch {
      return undefined
    }
  }

  read(): Given | undefined {
    try {
      return givenIn(JSON.parse(this.#storage.getItem(name) ?? 'null'))
    } catch {
      return undefined
    }
  }

  /** Reports whether there is room for it. */
  write(given: Given): boolean {
    if (isNothing(given)) {
      this.forget()
      return true
    }
    try {
      this.#storage.setItem(name, JSON.stringify(given))
      return true
    } catch {
      this.forget()
      return false
    }
  }

  forget(): void {
    this.#storage.removeItem(name)
  }
}
