// Kills the process, as nothing else can, before the call of node:fs that KILL_AT counts; tells how many there were otherwise.
const fs = require('node:fs')

const names = (process.env.KILL_CALLS ?? 'openSync writeFileSync writeSync fsyncSync renameSync linkSync unlinkSync rmSync mkdirSync rmdirSync')
  .split(' ')
const at = Number(process.env.KILL_AT ?? Number.POSITIVE_INFINITY)
let calls = 0

for (const name of names) {
  const real = fs[name]
  fs[name] = (...args) => {
    if (changesNothing(name, args)) return real(...args)
    calls++
    if (calls === at) process.kill(process.pid, 'SIGKILL')
    return real(...args)
  }
}

function changesNothing(name, [, flags]) {
  const reads = typeof flags === 'number' ? (flags & fs.constants.O_CREAT) === 0 : flags === undefined || flags === 'r'
  return name === 'openSync' && reads
}

process.on('exit', () => {
  if (process.env.KILL_COUNT) fs.writeFileSync(process.env.KILL_COUNT, String(calls))
})
