import { type CodeEntry, error, note, risk } from './code-entry.ts'

/** Running gateways, the laboratory, the command line. */
export const operationCodes = {
  // What a running gateway lacks
  DIFF_UNSUPPORTED: error(
    'A running gateway cannot be compared',
    'natplan has no reader for the configuration of this platform, so it cannot say what would have to change there. `platform: generic` is a sheet for people: print it again and compare it by hand.',
  ),
  DIFF_STILL_USED: risk(
    'Others use something that is natplan’s',
    'It left the plan, but lines that natplan did not write refer to it or are inside it, and without it the device would refuse to commit. It stays until those lines are gone.',
  ),
  DIFF_FILE_SHARED: error(
    'Others wrote into a file of natplan',
    'On Linux natplan replaces its files as a whole. Other people’s connections among its own would be lost at the next replacement, so nothing is printed. Move them to a separate file.',
  ),
  DIFF_KEY_NOT_COMPARED: note(
    'A key was not compared',
    'The plan’s key is not available, or the running configuration shows asterisks in its place. If the keys differ, the tunnel stays down; compare them where both can be seen.',
  ),
  // The laboratory
  LAB_IMPOSSIBLE: error(
    'The laboratory cannot be built',
    '`natplan lab` builds the gateways of a plan in Linux network namespaces. It needs Linux, root, a few programs, a kernel with ESP, and a plan with a tunnel between two gateways; the message says what is missing.',
  ),
  LAB_NOT_UP: error('There is no such laboratory', '`natplan lab up` builds one; `natplan lab down` removes it.'),

  // The command line
  USAGE: error('The command line is not valid', '`natplan --help` and `natplan COMMAND --help` show what is possible.'),
  HOST_UNKNOWN: error(
    'No host has that name',
    'Names of hosts stand below `hosts` of their site; `natplan names` lists them. A name is written as it stands there, with its site (`onpremise:db`), or whole: `db.onpremise`, `db.corp.example`. The hint has the nearest one.',
  ),
  HOST_UNCLEAR: error(
    'A name may mean several hosts',
    'Hosts of several sites have this name. Write its site before it: `onpremise:db`.',
  ),
  NAME_UNREACHABLE: error(
    'A name points at an address that its site cannot call',
    'An entry of a hosts file, a zone or a DNS server leads hosts of a site to an address that is something else there, or nothing: the real address of a translated subnet, an address of a site that it does not talk to, a host that hides. `natplan names --check` found it with the addresses that the site calls; the hint has the right one. Where a host cannot be called at all, take the entry out.',
  ),
  NAME_OF_ANOTHER: error(
    'A name points at the address of another host',
    'The plan knows the name, and the address that an entry has for it reaches another host, or nothing that the plan knows. The hint has what the site calls the host by. `natplan explain ADDRESS` says whose address it is.',
  ),
  CODE_UNKNOWN: error('There is no such code', '`natplan explain` without an argument lists all codes.'),
} as const satisfies Record<string, CodeEntry>
