export {
  chunkLengthsAt,
  chunkNetworksAt,
  chunkRows,
  equalAt,
  flaggedAt,
  idBits,
  mostSides,
  nestedAt,
  offsetsAt,
  pairsAt,
  pairsAtOnce,
  prepare,
  reserve,
  spareAt,
  walkAt,
  walkSize,
} from './memory'
export { nest } from './nest'
export { readLines, rows } from './read-lines'
export { count, place, sort } from './sort'
export { beginSweep, sweep } from './sweep'
export { walk } from './walk'
export { makeDigits, writePairs, written } from './write-pairs'
