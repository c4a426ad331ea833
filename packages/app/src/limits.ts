import { limitsOf } from '@natplan/core'

/** All bounds of the command on what it reads. */
export const limits = limitsOf({
  fileBytes: {
    most: 64 * 1024 * 1024,
    what: 'bytes of a plan, a lock, a configuration, routes of nodes, a template or a key',
    why: 'a plan of ten thousand sites has two million; a wrong file name or an endless pipe ends in a message',
  },
  yamlBytes: {
    most: 8 * 1024 * 1024,
    what: 'characters of a plan, or of a lock, in forms of YAML that few people write: anchors, texts of several lines, other scripts',
    why: 'ten thousand sites take two million; a mebibyte takes about a second and 200 MiB of memory. JSON, and YAML of plain words, lists and mappings, are read up to the size of any file',
  },
  documentDepth: {
    most: 64,
    what: 'nesting levels of a plan or a lock',
    why: 'the deepest field of a plan is nine levels down',
  },
  includedFiles: {
    most: 10_000,
    what: 'files that a plan includes',
    why: 'a file for each of ten thousand sites; a pattern in the wrong folder ends in a message',
  },
  aliasedValues: {
    most: 1_000_000,
    what: 'values of a plan or a lock with its aliases expanded',
    why: 'ten thousand sites with twenty values each have 200,000',
  },
  prefixes: {
    most: 10_000_000,
    what: 'prefixes of one input of `overlaps` and `free`',
    why: 'the table of the whole Internet has one million; ten million take up to 500 MiB of memory',
  },
  elementBytes: {
    most: 32 * 1024 * 1024,
    what: 'bytes of one object of a JSON export that `import` reads, or of what is around its list',
    why: 'an object of a cluster or a cloud has some thousands, a state of Terraform some millions; lists of them may have any length',
  },
  workbookBytes: {
    most: 256 * 1024 * 1024,
    what: 'bytes that the parts of a workbook that are read unpack to',
    why: 'a sheet of a hundred thousand rows has about thirty million; a zip bomb ends in a message. CSV may have any length',
  },
  unpackedBytes: {
    most: 1024 * 1024 * 1024,
    what: 'bytes of an input unpacked from gzip',
    why: 'gzip packs a thousand bytes into one; a gibibyte takes some seconds. A text that is not compressed may have any length',
  },
})
