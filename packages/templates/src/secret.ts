/** What a secret looks like wherever it is printed by accident. */
const hidden = '[hidden]'

/** Reports whether a text holds any of these. */
export function holdsSecret(text: string, secrets: Iterable<Secret>): boolean {
  return [...secrets].some((secret) => text.includes(secret.reveal()))
}

/** A text that nobody may see: every way of printing it gives `[hidden]`, only `reveal` gives the text. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    Object.freeze(this)
  }

  /** For the one place that writes it into a configuration. */
  reveal(): string {
    return this.#text
  }

  get length(): number {
    return this.#text.length
  }

  toString(): string {
    return hidden
  }

  toJSON(): string {
    return hidden
  }

  [Symbol.toPrimitive](): string {
    return hidden
  }

  /** What Node prints for `console.log` and in assertion messages. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden
  }
}
