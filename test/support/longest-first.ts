// The order of the test files: those that take minutes begin first, so that the others fill what they leave and none of
// them is still running alone at the end.
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Longest first. The first of them mostly wait, and would keep a worker for themselves at the end. */
const longest = [
  'test/processes/processes.test.ts',
  'test/simulation/calm-odd.test.ts',
  'test/simulation/calm-even.test.ts',
  'test/processes/listing-kills.test.ts',
  'test/real-data.test.ts',
  'test/simulation/simulation.test.ts',
  'test/interleaver/money-pairs.test.ts',
  'test/simulation/planted-process-bugs.test.ts',
  'test/simulation/planted-bugs.test.ts',
  'test/simulation/planted-order-bugs.test.ts',
  'test/interleaver/pairs.test.ts',
  'src/connectors/conformance.test.ts',
  'test/list-products.test.ts',
  'src/platform/queue.store.test.ts',
  'src/platform/embedded-postgres.store.test.ts',
  'src/main.test.ts',
  'test/bad-input/answers.test.ts',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => placeOf(a) - placeOf(b))
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((path) => moduleId.endsWith(`/${path}`))
  return place === -1 ? longest.length : place
}
