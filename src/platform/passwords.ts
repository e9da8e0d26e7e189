import { hash, verify } from '@node-rs/argon2'

// argon2id, whose every hash takes 19 MiB: no more than four at once, or a flood of sign-ins takes the memory.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const hashesAtOnceMax = 4
export const passwordLength = { min: 12, max: 128 }

export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, cost))
}

export function verifyPassword(passwordHash: string, password: string): Promise<boolean> {
  return inTurn(() => verify(passwordHash, password))
}

const turns: { running: number; waiting: (() => void)[] } = { running: 0, waiting: [] }

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (turns.running >= hashesAtOnceMax) await new Promise<void>((resolve) => turns.waiting.push(resolve))
  else turns.running++
  try {
    return await work()
  } finally {
    const next = turns.waiting.shift()
    // The turn is handed on rather than given back, so that nobody can slip in between.
    if (next) next()
    else turns.running--
  }
}
