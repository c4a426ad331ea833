import { limitsOf } from '@natplan/core'

/** All bounds on what is read of a configuration; what lies behind them is told as not known. */
export const limits = limitsOf({
  shownLetters: {
    most: 200,
    what: 'characters of a line of a configuration that are shown',
    why: 'they are enough to recognise the line',
  },
  configurationDepth: {
    most: 64,
    what: 'words of a line, or levels of braces or JSON, in a configuration of the Vyatta family',
    why: 'no configuration is deeper',
  },
  calledChains: {
    most: 100_000,
    what: 'chains of a Linux firewall that one packet may meet, counting each call',
    why: 'chains that call each other twice at each level grow without end',
  },
  natRules: {
    most: 200_000,
    what: 'rules in all NAT chains on Linux, each call of a chain counted',
    why: 'as for calls of chains',
  },
  ruleWays: {
    most: 5000,
    what: 'alternatives that one rule of a Linux firewall stands for',
    why: 'sets that a rule names multiply',
  },
  allRuleWays: { most: 300_000, what: 'such alternatives of all rules of iptables', why: 'each is a rule to look at' },
  setMembers: {
    most: 1_000_000,
    what: 'members of nftables sets that are read, counted again for each rule that names the set',
    why: 'a set may hold the addresses of whole countries, and each rule that names it is read with all of them',
  },
  mergedSections: {
    most: 20_000,
    what: 'sections of strongSwan that others refer to (`also`, `:`), counting each reference',
    why: 'sections that each refer to two others grow without end',
  },
  childPairs: {
    most: 20_000,
    what: 'pairs of prefixes of one child of strongSwan',
    why: 'nobody writes more by hand, and they grow with the product of two lists',
  },
  offers: {
    most: 2000,
    what: 'offers that one list of strongSwan proposals stands for',
    why: 'the algorithms of a proposal multiply',
  },
  routeLineLetters: {
    most: 1000,
    what: 'characters of a line of Linux routes or addresses',
    why: 'no command prints as many',
  },
  policyComparisons: {
    most: 2_000_000,
    what: 'comparisons of policies of the kernel with children of strongSwan',
    why: 'a thousand of each take half',
  },
})
