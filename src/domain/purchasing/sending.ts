// What becomes of a purchase order on its way out after its supplier answered, or did not. Once it may have arrived, it is
// looked up over there, or a person says, before it is sent again: never twice, never lost (P3).

export type SendAnswer =
  | { kind: 'taken'; reference: string | null }
  /** It was not taken, and will not be unchanged. */
  | { kind: 'rejected'; reason: string }
  /** It was surely not taken; later it may be. */
  | { kind: 'wait'; reason: string; seconds?: number }
  | { kind: 'unclear'; reason: string }

/** What looking over there has shown. */
export type LookUpAnswer =
  | { kind: 'there' }
  | { kind: 'not-there' }
  /** It could not be looked up now. */
  | { kind: 'unknown'; reason: string }
  /** That way tells nobody what it has: a person must say. */
  | { kind: 'ask-person' }

export type SendSettlement =
  | { state: 'applied'; reference: string | null; readBack: boolean }
  | { state: 'rejected'; refusal: string }
  /** Not there for certain: may be sent (again). */
  | { state: 'intended'; seconds: number; refusal: string | null; wasMissing: boolean }
  /** May be there. Where a person must say, nothing is done until then. */
  | { state: 'unknown'; seconds: number; refusal: string | null; asksPerson: boolean }

const waitSeconds = 30
const waitSecondsMax = 900
const lookUpSeconds = 15
/** Well below the quarter of an hour after which nothing may be unknown without a person knowing. */
const lookUpSecondsMax = 240

export function settleAnswer(answer: SendAnswer, sends: number, canLookUp: boolean): SendSettlement {
  switch (answer.kind) {
    case 'taken':
      return { state: 'applied', reference: answer.reference, readBack: false }
    case 'rejected':
      return { state: 'rejected', refusal: answer.reason }
    case 'wait': {
      const seconds = Math.max(answer.seconds ?? 0, longer(waitSeconds, sends, waitSecondsMax))
      return { state: 'intended', seconds, refusal: answer.reason, wasMissing: false }
    }
    case 'unclear':
      return { state: 'unknown', seconds: lookUpSeconds, refusal: answer.reason, asksPerson: !canLookUp }
  }
}

export function settleLookUp(answer: LookUpAnswer, lookUps: number): SendSettlement {
  switch (answer.kind) {
    case 'there':
      return { state: 'applied', reference: null, readBack: true }
    case 'not-there':
      return { state: 'intended', seconds: 0, refusal: null, wasMissing: true }
    case 'unknown': {
      const seconds = longer(lookUpSeconds, lookUps, lookUpSecondsMax)
      return { state: 'unknown', seconds, refusal: answer.reason, asksPerson: false }
    }
    case 'ask-person':
      return { state: 'unknown', seconds: lookUpSecondsMax, refusal: null, asksPerson: true }
  }
}

function longer(seconds: number, times: number, max: number): number {
  return Math.min(max, seconds * 2 ** Math.min(10, Math.max(0, times - 1)))
}

/** From the business, never from the attempt: the same revision is the same everywhere. */
export function sendKey(number: string, revision: number): string {
  return `${number}/${revision}`
}

export function orderFileName(number: string, revision: number): string {
  return `${number}-r${revision}.csv`
}
