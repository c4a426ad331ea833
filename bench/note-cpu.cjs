// Loaded in front of a measured program: notes what it took of the processors, in microseconds, in the file that NATPLAN_BENCH_CPU names.
const { writeFileSync } = require('node:fs')

const file = process.env.NATPLAN_BENCH_CPU
process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  writeFileSync(file, String(user + system))
})
