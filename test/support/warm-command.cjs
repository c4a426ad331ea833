// Runs one command line after the other in a process that has the built command loaded already. What `warm-command.ts` writes into
// the first FIFO is answered in the second one.
const fs = require('node:fs')

const { openSync, readSync, writeSync } = fs
const [, , commandFile, requests, replies] = process.argv
const given = openSync(requests, 'r')
const answers = openSync(replies, 'w')

/** Keeps what is written to a stream. */
function capture(stream) {
  const kept = []
  const write = (data, encoding, callback) => {
    kept.push(Buffer.from(data, typeof encoding === 'string' ? encoding : 'utf8'))
    const done = typeof encoding === 'function' ? encoding : callback
    if (done) process.nextTick(done)
    return true
  }
  return { stream, kept, write }
}

const streams = [process.stdout, process.stderr].map(capture)
for (const { stream, write } of streams) {
  stream.write = write
  // Each command listens for errors of its own.
  stream.setMaxListeners(0)
}

// Files and pipes are written to without the streams.
fs.writeSync = (descriptor, data, ...rest) => {
  const stream = streams[descriptor - 1]
  if (!stream) return writeSync(descriptor, data, ...rest)
  const bytes = Buffer.from(data).subarray(typeof rest[0] === 'number' ? rest[0] : 0)
  stream.kept.push(bytes)
  return bytes.length
}
const { main } = require(commandFile)

async function run({ args, cwd, env }) {
  process.chdir(cwd)
  Object.assign(process.env, env)
  const status = await main(args)
  for (const name of Object.keys(env)) delete process.env[name]
  const [stdout, stderr] = streams.map(({ kept }) => Buffer.concat(kept.splice(0)).toString())
  return { status, stdout, stderr }
}

/** The next line of the FIFO; `undefined` when nobody has it open any more. */
let rest = ''
function nextLine() {
  const piece = Buffer.alloc(65_536)
  while (!rest.includes('\n')) {
    const length = readSync(given, piece)
    if (length === 0) return undefined
    rest += piece.toString('latin1', 0, length)
  }
  const end = rest.indexOf('\n')
  const line = rest.slice(0, end)
  rest = rest.slice(end + 1)
  return Buffer.from(line, 'latin1').toString()
}

function writeAll(text) {
  const data = Buffer.from(text)
  for (let start = 0; start < data.length; ) start += writeSync(answers, data, start)
}

async function serve() {
  for (let line = nextLine(); line !== undefined; line = nextLine()) {
    writeAll(`${JSON.stringify(await run(JSON.parse(line)))}\n`)
  }
}

serve().then(() => process.exit(0))
