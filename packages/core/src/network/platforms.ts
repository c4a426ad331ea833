/** The configuration languages that natplan writes. */
export const platforms = [
  'vyos-1.5',
  'vyos-1.4',
  'vyos-1.3',
  'vyatta-5600',
  'vyatta-5400',
  'edgeos',
  'linux',
  'azure',
  'aws',
  'gcp',
  'generic',
] as const
export type Platform = (typeof platforms)[number]
