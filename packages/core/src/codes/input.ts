import { type CodeEntry, error, note, risk } from './code-entry.ts'

/** What is given: files, text, addresses, collections of prefixes. */
export const inputCodes = {
  // Files
  FILE_NOT_FOUND: error(
    'A file does not exist',
    'The file named on the command line, or `natplan.yaml` in the current folder, does not exist. `natplan init` writes one.',
  ),
  FILE_UNREADABLE: error('A file cannot be read', 'The system refused to read the file; the message says why.'),
  FILE_UNWRITABLE: error('A file cannot be written', 'The system refused to write the file; nothing was changed.'),
  FILE_EXISTS: error('A file exists already', 'natplan does not overwrite a file that it was asked to create.'),
  FILE_FOREIGN: error(
    'A file in the output folder is not from natplan',
    'natplan writes a list of its files into the output folder and touches no others. If a file is where natplan would write, or was edited since natplan wrote it, it is left alone, and nothing at all is written. Move the file away, or name another folder.',
  ),
  FILE_IS_LINK: error(
    'A link leads elsewhere',
    'A link can come with a pull request, an archive or from another user, and would lead natplan to a file of yours. natplan follows no links inside the folder that `-o` or `--kustomize` names, nor inside a folder of templates; these folders themselves may be links, unless another user made them. A plan, a lock, a result and a list of bad lines may be a link to a file in the same folder or below it. Remove the link, or name what it leads to.',
  ),
  FILE_IN_USE: error(
    'Another natplan is at work there',
    'Two runs at once could undo what the other did, or lose what it allocated, so one waits for the other, for a few seconds. natplan takes over by itself what a killed process left behind. What a process on another machine or in another container left is taken over after an hour, or as soon as you remove the file that the message names.',
  ),
  FILE_EMPTY: error(
    'A file is empty',
    'A plan file holds at least `version` and `sites`. `natplan init` writes a commented one.',
  ),
  FILE_NOT_UTF8: error(
    'A file is not UTF-8 text',
    'natplan reads UTF-8. Files saved as UTF-16 by some editors, and binary files, are refused. Save the file as UTF-8.',
  ),
  FILE_TOO_LARGE: error(
    'A file is too large to be a plan',
    'A plan file for ten thousand sites has about two megabytes. natplan reads at most 64 MiB, so that a wrong file name ends in a message.',
  ),
  FILE_FORMAT: error(
    'A file is packed or encoded in a way that is not read',
    'natplan reads text in UTF-8, or in UTF-16 with a byte order mark, also compressed with gzip. Unpack or export archives, workbooks and other compressed files first. A gzip file that ends in the middle was not copied completely.',
  ),

  INCLUDE_UNFIT: error(
    'A file cannot be included',
    'A plan file names further files under `include`, in its own folder or below it. Only the last part of a path may have `*`, and then at least one file must match it. Only the plan file itself may have `include` and `defaults`. In a table, a row with a quotation mark that is never closed hides everything after it. Only a plan that is a file can include others, so one from standard input cannot.',
  ),

  TABLE_GUESSED: note(
    'The columns of a table were guessed from their names',
    'When a plan includes a table without `columns`, natplan takes each column for what its name and most of its cells look like; other columns are not read. A renamed column, or a second one that looks alike, would change that. The hint has the line for the plan that says which columns are read; then nothing is guessed.',
  ),

  TABLE_ROWS_LEFT_OUT: note(
    'Rows of a table are not in the plan',
    'The column `status` says `deleted`, `terminated`, `disassociated` or `container` for them: their prefixes count as gone, and the plan may hand them out. If they are still in use somewhere, list them under `avoid`, or remove `status` from `columns`.',
  ),
  TABLE_SITE_EMPTY: risk(
    'A site of a table has no networks',
    'Its rows have neither subnets nor reserved prefixes, so no tunnel reaches anything there. A row of totals or a remark below a table is taken for a site, too: remove it.',
  ),

  IMPORT_DIFFERS: note(
    'The plan differs from what was imported',
    '`natplan import --into` changes nothing that is in a plan already: somebody may have written it on purpose. It reports each time what the source says instead.',
  ),
  IMPORT_VANISHED: note(
    'The plan has something that the source does not have',
    'The subnet or reserved prefix is in the plan, but what was imported for the same site does not mention it: it is gone, or somebody added it by hand. Nothing is removed.',
  ),

  // Text
  YAML_SYNTAX: error(
    'The text is not valid YAML',
    'The parser stopped at the position shown. Usual causes: a tab as indentation, a missing blank after a colon, an unclosed bracket or quotation mark.',
  ),
  YAML_ALIASES: error(
    'The file expands too far',
    'Anchors (`&name`) and aliases (`*name`) that refer to each other can grow without limit. natplan accepts a plan or a lock of up to a million values with its aliases expanded.',
  ),
  YAML_REFERENCE: error(
    'An alias or a merge leads nowhere',
    'An alias (`*name`) stands for the value with the anchor `&name`, which must come before it and must not contain it. `<<` merges mappings, so its value is an alias of a mapping, or a list of such aliases.',
  ),
  YAML_TOO_LARGE: error(
    'The text is too large for YAML',
    'A plan for ten thousand sites has two megabytes. Reading YAML takes time and many times its size in memory, so natplan reads at most 8 MiB of it; the same plan as JSON may have 64 MiB.',
  ),
  YAML_TOO_DEEP: error(
    'The file is nested too deeply',
    'No plan file needs more than ten levels; natplan reads up to 64.',
  ),
  KEY_DUPLICATE: error(
    'A key is written twice',
    'The same key appears twice in one mapping. YAML readers differ in which one wins, so natplan takes neither. Remove one.',
  ),
  KEY_UNKNOWN: error(
    'A key is not known',
    'The key has no meaning at this place. The hint names the nearest key that does. Keys are case-sensitive.',
  ),
  KEY_MISSING: error('A key is missing', 'The mapping needs this key.'),
  VALUE_WRONG: error(
    'A value is of the wrong kind',
    'The message says what is expected at this place: a text, a number, a list, a mapping, or one of a few words. Quote texts that look like numbers.',
  ),
  FINDINGS_LEFT_OUT: note(
    'There are more findings than are shown',
    'natplan shows the first thousand findings of each code in a document or a verification, and says how many more there are. Such a number usually has one cause: a generated file, or two columns that were confused.',
  ),
  VERSION_UNSUPPORTED: error(
    'The file has another version',
    'This natplan reads version 1 of the file. A newer natplan wrote the file, or the number is a mistake.',
  ),

  INPUT_TOO_LARGE: error(
    'An input holds too much',
    'natplan reads up to ten million prefixes from one input, and up to a gibibyte of text from one that is compressed with gzip, because a small file can unpack to a thousand times its size. Nothing of this input is used.',
  ),

  // What is imported
  IMPORT_INCOMPLETE: risk(
    'What was given does not say everything',
    'None of the texts given to `natplan import` contains something that the plan needs, and natplan does not guess it. The hint says which other output has it; give all of them in one call. You may also write it into the plan by hand.',
  ),
  IMPORT_ROUTES_LOST: risk(
    'The plan would take routes away',
    'Nodes have routes that somebody made by hand, and no other site of the plan is known by the prefixes that they lead to. Nodes that get their routes from the plan would lose them. Give the configuration of the gateway behind which that prefix lies, or write a site with it; if it is a translated prefix, it is the `translateTo` of the subnet that it stands for.',
  ),
  IMPORT_INEXACT: risk(
    'A gateway does something that the plan does not express',
    'A plan cannot express everything that a gateway can do: a tunnel for some ports only, two translated prefixes for one subnet, different settings at the two ends. `natplan import` writes the nearest equivalent and names what differs; `natplan diff` shows what applying the plan would change.',
  ),
  IMPORT_BY_HAND: note(
    'A tunnel was not written by natplan',
    'natplan recognises its own tunnels, groups and rules by their names and descriptions. A tunnel with other names is somebody else’s: natplan changes nothing of it, and would add its own beside it, which the gateway may refuse or never use. `natplan import --adopt` prints what makes it natplan’s, or what to remove for that.',
  ),
  IMPORT_KEYS: note(
    'Keys of tunnels are not imported',
    'natplan never takes a pre-shared key from a configuration. The plan names a file for each tunnel, below the folder of the plan: put the key into it, one line, with mode 600, or make a new one with `natplan psk`. `natplan diff` says whether it is the one that runs.',
  ),

  // Addresses
  ADDRESS_INVALID: error(
    'A text is not an IP address',
    'IPv4 is four decimal numbers from 0 to 255 without leading zeros (010 is octal 8 for some programs and 10 for others, so it is refused); IPv6 is RFC 4291 text without a zone.',
  ),
  PREFIX_INVALID: error(
    'A text is not a prefix',
    'A prefix is an address, a slash and a length: `10.0.1.0/24`. Short forms such as `10.0.1/24` are refused.',
  ),
  PREFIX_LENGTH_MISSING: error(
    'A prefix has no length',
    'An address alone could mean the host or its network. Write `/32` for one host.',
  ),
  PREFIX_LENGTH_INVALID: error(
    'A prefix length is not valid',
    'The length is a number from 0 to 32 (IPv4) or 0 to 128 (IPv6).',
  ),
  PREFIX_HOST_BITS: error(
    'A prefix has host bits set',
    'The address has bits set beyond the prefix length, as in `10.0.1.5/27`. The mistake may be in the address or in the length, so natplan asks instead of guessing; the hint has the network of that length.',
  ),

  // Collections of prefixes
  COLUMN_UNCLEAR: error(
    'Which column holds the prefixes is not clear',
    'In a table with several columns, natplan reads the only one that holds prefixes. If there is none, or more than one, `--column` chooses one by its name or by its number from 1 on; `--column ADDRESS,MASK` joins an address with the length or mask beside it. `natplan import` also needs the column of the sites; there, `--columns site=COLUMN,subnets=COLUMN` says what each column holds.',
  ),
  JSON_SYNTAX: error(
    'A JSON document is broken',
    'The document ends in the middle or is not JSON, so its meaning is not reliable and nothing of it is used. `--format ndjson` reads each line as a document of its own; `--extract` finds prefixes in any text.',
  ),
  LINES_BAD: risk(
    'Some of an input is not a prefix',
    'Lines, cells or values that should be prefixes are not, and were left out. The first ones are shown, and `--bad-lines FILE` writes all of them. They are an error with `--strict`, and always if nothing at all was read. `--host-bits mask` takes the network of an address such as 10.0.1.5/24; `--extract` finds prefixes in any text.',
  ),
  PREFIXES_NONE: risk(
    'An input holds no prefix',
    'The input was read, but no prefix was found in it. It may be the wrong file, or need `--format`, `--column`, `--path` or `--extract`. If the input is not empty, this is an error: what overlaps it, or is free besides it, is not known.',
  ),
  PAIRS_CUT: risk(
    'Not all pairs are written',
    'When many prefixes overlap many others, the number of pairs grows with the square: a million copies of one prefix are 500 billion pairs. The totals are still exact. `--limit` says how many pairs are written at most.',
  ),
  BLOCKS_TOO_FEW: error(
    'There are fewer free blocks than requested',
    'The space given with `--in` has fewer free aligned blocks of this length outside the space in use. All that exist were printed.',
  ),
} as const satisfies Record<string, CodeEntry>
