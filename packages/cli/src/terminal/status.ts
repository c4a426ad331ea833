/** The exit statuses of the command. */
export const status = {
  good: 0,
  /** Error findings: the input is understood and something in it is wrong. */
  findings: 1,
  /** What was asked is not known: something that was not read, not given or not followed could decide. */
  notKnown: 3,
  /** The command line or a file named on it is not usable. */
  usage: 2,
  /** A bug in natplan (EX_SOFTWARE of sysexits.h). */
  bug: 70,
} as const

export type Status = (typeof status)[keyof typeof status]
