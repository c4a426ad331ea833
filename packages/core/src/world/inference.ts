/** Something that no configuration says and that was concluded from what it says. */
export interface Inference {
  readonly site: string
  readonly kind: 'outside' | 'inside' | 'default-route' | 'subnet' | 'network' | 'public-address'
  /** An interface, a prefix or an address. */
  readonly value: string
  readonly because: string
}

/** An interface, and why it was taken for what it is. */
export interface Found {
  readonly name: string
  readonly because: string
}
