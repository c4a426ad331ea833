// At the call of node:fs that AT_CALL counts, kills the process, as nothing else can, or puts a link in the place of a folder
// (SWAP=FOLDER); tells how many calls there were (COUNT_INTO=FILE).
const fs = require('node:fs')
const { existsSync, renameSync, symlinkSync, writeFileSync } = fs

const changing = 'openSync writeFileSync writeSync fsyncSync renameSync linkSync unlinkSync rmSync mkdirSync rmdirSync'
const { AT_CALL, CALLS = changing, COUNT_INTO, SWAP } = process.env
let calls = 0

for (const name of CALLS.split(' ')) {
  const real = fs[name]
  fs[name] = (...args) => {
    if (name !== 'openSync' || opensToWrite(args)) calls++
    if (calls === Number(AT_CALL)) atCall()
    return real(...args)
  }
}

function opensToWrite([, flags]) {
  return typeof flags === 'number' ? (flags & fs.constants.O_CREAT) !== 0 : flags !== undefined && flags !== 'r'
}

function atCall() {
  calls++
  if (SWAP === undefined) return process.kill(process.pid, 'SIGKILL')
  if (existsSync(SWAP)) renameSync(SWAP, `${SWAP}-moved`)
  symlinkSync('../victim', SWAP)
}

process.on('exit', () => {
  if (COUNT_INTO) writeFileSync(COUNT_INTO, String(calls))
})
