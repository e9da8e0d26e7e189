// Two real transactions on two real connections, stepped statement by statement in a chosen order (reliability.md §5.6).
// Whether a step waits for a lock is asked of PostgreSQL and never guessed from the time it takes.
import type { Database } from '../../src/platform/database.ts'
import type { TestDatabase } from '../support/database.ts'

/** One real code path, as one process would run it. */
export type Program = (db: Database) => Promise<unknown>

/** Whose turn it is, for how many statements. What is left afterwards runs to its end, the first program first. */
export type Turn = { player: 0 | 1; steps: number }

export type Played = {
  outcomes: PromiseSettledResult<unknown>[]
  /** The statements each has begun, in its own order. */
  statements: [string[], string[]]
  /** How often a step had to wait for the other's lock. */
  waits: number
}

export type Stage = {
  play(programs: [Program, Program], turns: Turn[]): Promise<Played>
}

/** Rewrites statements of a player before they run: how a bug is planted, such as a lock that is not taken. */
export type Sabotage = (text: string, player: 0 | 1) => string

export async function openStage(test: TestDatabase, sabotage: Sabotage = (text) => text): Promise<Stage> {
  const players = [
    await openPlayer(test, (text) => sabotage(text, 0)),
    await openPlayer(test, (text) => sabotage(text, 1)),
  ] as const
  const isWaiting = async (player: Player) => {
    const [row] = await test.asOwner<{ waits: boolean }>('select cardinality(pg_blocking_pids($1)) > 0 as waits', [
      player.pid,
    ])
    return row?.waits ?? false
  }
  /** Until it stands before its next statement, is over, or waits for a lock. */
  const settle = async (player: Player): Promise<'moved' | 'waits'> => {
    while (player.state() === 'running') if (await isWaiting(player)) return 'waits'
    return 'moved'
  }

  return {
    async play(programs, turns) {
      players[0].begin(programs[0])
      players[1].begin(programs[1])
      let waits = 0
      for (const player of players) await settle(player)
      const step = async (player: Player) => {
        player.next()
        if ((await settle(player)) === 'waits') waits++
        // What it held back may go on by itself now, and must have come to its next stop before anything else moves.
        for (const other of players) if (other !== player) await settle(other)
      }
      for (const { player: number, steps } of turns) {
        const player = players[number]
        for (let count = 0; count < steps && player.state() === 'ready'; count++) await step(player)
      }
      while (players.some((player) => player.state() !== 'over')) {
        const ready = players.find((player) => player.state() === 'ready')
        if (ready) await step(ready)
        // Both wait for each other: PostgreSQL ends one of them before long.
        else for (const player of players) await settle(player)
      }
      return {
        outcomes: [await players[0].outcome(), await players[1].outcome()],
        statements: [players[0].statements(), players[1].statements()],
        waits,
      }
    },
  }
}

type Player = {
  pid: number
  begin(program: Program): void
  state(): 'ready' | 'running' | 'over'
  /** Lets the statement it stands before run. */
  next(): void
  statements(): string[]
  outcome(): Promise<PromiseSettledResult<unknown>>
}

async function openPlayer(test: TestDatabase, sabotage: (text: string) => string): Promise<Player> {
  let isStepped = false
  let go: (() => void) | undefined
  let isOver = true
  let seen: string[] = []
  let result: Promise<PromiseSettledResult<unknown>> = Promise.resolve({ status: 'fulfilled', value: undefined })
  const db = test.connect({
    poolMax: 1,
    async onStatement(text) {
      if (isStepped) {
        await new Promise<void>((resolve) => (go = resolve))
        seen.push(text)
      }
      return sabotage(text)
    },
  })
  db.attachQueue({ send: async () => {} })
  const { rows } = await db.system
    .selectNoFrom((of) => of.fn<number>('pg_backend_pid').as('pid'))
    .execute()
    .then((found) => ({ rows: found }))
  const pid = rows[0]?.pid
  if (pid === undefined) throw new Error('A connection has a process.')
  return {
    pid,
    begin(program) {
      isStepped = true
      isOver = false
      seen = []
      result = Promise.allSettled([program(db)]).then(([one]) => {
        isOver = true
        isStepped = false
        return one
      })
    },
    state: () => (isOver ? 'over' : go ? 'ready' : 'running'),
    next() {
      const resume = go
      go = undefined
      resume?.()
    },
    statements: () => seen,
    outcome: () => result,
  }
}

/**
 * All ways to let the one run up to a statement and the other meanwhile as far as it gets, either beginning; and, where
 * that stays a small number, all ways to stop the other on its way as well. They are only cut before and after statements
 * that lock or write: nothing else can be seen by the other.
 */
export function schedulesOf([first, second]: [string[], string[]]): Turn[][] {
  const cuts = [cutsOf(first), cutsOf(second)] as const
  const isSmall = cuts[0].length * cuts[1].length * 2 <= twiceCutMax
  return ([0, 1] as const).flatMap((player) => {
    const other = player === 0 ? 1 : 0
    const stops = isSmall ? [...cuts[other], Infinity] : [Infinity]
    return cuts[player].flatMap((steps) =>
      stops.map((otherSteps): Turn[] => [
        { player, steps },
        { player: other, steps: otherSteps },
        { player, steps: Infinity },
      ]),
    )
  })
}

const twiceCutMax = 120

function cutsOf(statements: string[]): number[] {
  return statements
    .map((_, index) => index)
    .filter((place) => place > 0 && (touches(statements[place] ?? '') || touches(statements[place - 1] ?? '')))
}

function touches(statement: string): boolean {
  return /\b(insert into|update|delete from|for (no key )?update|commit)\b/i.test(statement)
}
