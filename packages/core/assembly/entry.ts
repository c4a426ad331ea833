import { idBits, rowBits } from './memory'

/** What orders an entry: the address and the length. */
export function keyAt(at: u32): u64 {
  return load<u64>(at) >> idBits
}

export function sideAt(at: u32): u32 {
  return (load<u32>(at) & ((1 << idBits) - 1)) >> rowBits
}

export function rowAt(at: u32): u32 {
  return load<u32>(at) & ((1 << rowBits) - 1)
}

export function networkOf(key: u64): u32 {
  return u32(key >> 6)
}

/** The last address of a prefix. */
export function lastOf(key: u64): u32 {
  return networkOf(key) | u32(u64(0xffffffff) >> (key & 63))
}
