/**
 * Properties draw other inputs in each run by hand, and the same ones where nothing may skip: there a change is judged by what it did,
 * not by what chance found. NATPLAN_SEED names another draw.
 */
const seed = process.env['NATPLAN_SEED'] ?? (process.env['NATPLAN_REQUIRE'] ? '20260101' : undefined)

if (seed !== undefined) {
  const { configureGlobal } = await import('fast-check')
  configureGlobal({ seed: Number(seed) })
}
