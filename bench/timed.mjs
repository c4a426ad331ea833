// What the other files here measure with.
import { spawnSync } from 'node:child_process'

/**
 * Runs Node.js with arguments to its end: seconds, those of the processor in user mode, and the most memory that it had.
 * @throws Error without GNU time, and where the status is another than those in `good`
 */
export function timed(args, { cwd, good = [0] } = {}) {
  const { error, status, stdout, stderr } = spawnSync('/usr/bin/time', ['-f', '%e %U %M', process.execPath, ...args], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  })
  if (error) throw new Error(`/usr/bin/time is needed (Debian package time): ${error.message}`)
  if (!good.includes(status)) throw new Error(`status ${status}: ${stderr.slice(-2000)}`)
  const [seconds, cpu, kilobytes] = stderr.trim().split('\n').at(-1).split(' ').map(Number)
  return { seconds, cpu, megabytes: kilobytes / 1024, status, stdout }
}

export function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}
