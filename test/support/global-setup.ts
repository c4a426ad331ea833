import { setUp } from '../../scripts/setup.mjs'

/** The tests run the built command, so it is built first when its sources have changed. */
export function setup(): void {
  setUp()
}
