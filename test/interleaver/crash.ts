// One program that ends where it can leave something behind, as a process does that is killed, and is begun again by
// another (reliability.md §5.5).
import type { TestDatabase } from '../support/database.ts'
import type { Program } from './interleave.ts'

export type Crashing = {
  /** A new business, and what is done in it. */
  open(): Promise<{
    program: Program
    /** What is wrong when the process is gone, and once more when another has done it all again. */
    faults(when: 'crashed' | 'again'): Promise<string[]>
  }>
}

/**
 * What ends within a transaction leaves nothing, wherever in it that is. So it ends once before each commit and once
 * after, and before whatever is said outside of a transaction.
 */
export async function crashEverywhere(
  database: TestDatabase,
  { open }: Crashing,
  { faultsMax = Infinity } = {},
): Promise<{ points: number; faults: string[] }> {
  const faults: string[] = []
  const crash = async (point: number) => {
    const { program, faults: look } = await open()
    const statements = await run(database, program, point)
    const where = point === Infinity ? 'not ended' : `ended before statement ${point + 1}`
    faults.push(...(await look('crashed')).map((fault) => `${where}: ${fault}`))
    await run(database, program, Infinity)
    faults.push(...(await look('again')).map((fault) => `${where}, done again: ${fault}`))
    return statements
  }
  const points = pointsOf(await crash(Infinity))
  for (const point of points) {
    if (faults.length >= faultsMax) break
    await crash(point)
  }
  return { points: points.length, faults }
}

function pointsOf(statements: string[]): number[] {
  let isInside = false
  return statements.flatMap((text, index) => {
    const wasInside = isInside
    if (/^begin\b/i.test(text)) isInside = true
    if (/^(commit|rollback)\b/i.test(text)) isInside = false
    return wasInside && isInside ? [] : [index]
  })
}

/** The statements it came to. */
async function run(database: TestDatabase, program: Program, point: number): Promise<string[]> {
  const statements: string[] = []
  const db = database.connect({
    poolMax: 1,
    onStatement: async (text) => {
      statements.push(text)
      if (statements.length > point) throw new Error('The process has ended.')
      return text
    },
  })
  db.attachQueue({ send: async () => {} })
  const [outcome] = await Promise.allSettled([program(db)])
  await db.close()
  if (point === Infinity && outcome?.status === 'rejected') throw outcome.reason
  return statements
}
