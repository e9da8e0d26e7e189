// What becomes of a dispatch confirmation after the marketplace answered, or did not. Once it may have arrived, it is
// looked up there before it is sent again: never twice, never lost (V1).

/** An answer of the marketplace, in the words of the connectors. */
export type ConfirmationReply =
  | { kind: 'done'; reference?: string }
  | { kind: 'pending'; ticket: string }
  | { kind: 'wait'; seconds: number; reason?: string }
  | { kind: 'signed-out'; reason?: string }
  | { kind: 'rejected'; reason: string }
  | { kind: 'gone'; reason?: string }
  | { kind: 'unclear'; reason?: string }

/** What the marketplace shows when it is looked up. */
export type ConfirmationFound =
  | { kind: 'shown' }
  | { kind: 'not-shown' }
  | Exclude<ConfirmationReply, { kind: 'done' | 'pending' }>

export type Settlement =
  | { state: 'applied'; reference: string | null; readBack: boolean }
  | { state: 'rejected'; refusal: string }
  /** Not there for certain: may be sent (again). */
  | { state: 'intended'; seconds: number; refusal: string | null; wasMissing: boolean }
  /** May be there: looked up before anything else. */
  | { state: 'unknown'; seconds: number; refusal: string | null }

/** Sent this often without ever being found over there: a person takes over. */
const sendsMax = 8
export const lookUpSeconds = 30
const lookUpSecondsMax = 900

export function settleSent(reply: ConfirmationReply, sends: number): Settlement {
  switch (reply.kind) {
    case 'done':
      return { state: 'applied', reference: reply.reference ?? null, readBack: false }
    case 'pending':
      // Sent again too soon, it would have run out of tries before a slow marketplace showed the first.
      return { state: 'unknown', seconds: longer(lookUpSeconds, sends), refusal: null }
    case 'unclear':
      return { state: 'unknown', seconds: longer(lookUpSeconds, sends), refusal: reply.reason ?? null }
    case 'wait':
      return { state: 'intended', seconds: reply.seconds, refusal: reply.reason ?? 'Asked to wait', wasMissing: false }
    case 'signed-out':
      return { state: 'intended', seconds: 0, refusal: reply.reason ?? 'Signed out', wasMissing: false }
    case 'rejected':
      return { state: 'rejected', refusal: reply.reason }
    case 'gone':
      return { state: 'rejected', refusal: reply.reason ?? 'The marketplace no longer has this order' }
  }
}

/** `timesLeft`: a crash of ours left it claimed so often. That is no send, and never a reason to give it up. */
export function settleLookedUp(
  found: ConfirmationFound,
  { sends, timesLeft }: { sends: number; timesLeft: number },
): Settlement {
  switch (found.kind) {
    case 'shown':
      return { state: 'applied', reference: null, readBack: true }
    case 'not-shown':
      if (sends >= sendsMax)
        return { state: 'rejected', refusal: `Sent ${sends} times, and the marketplace never showed it` }
      // It may be what ended us: others go first, the more of them the more often it happened.
      return {
        state: 'intended',
        seconds: timesLeft > 0 ? longer(lookUpSeconds, timesLeft) : 0,
        refusal: null,
        wasMissing: true,
      }
    case 'gone':
      return { state: 'rejected', refusal: found.reason ?? 'The marketplace no longer has this order' }
    case 'wait':
      return { state: 'unknown', seconds: found.seconds, refusal: found.reason ?? null }
    case 'rejected':
      return { state: 'unknown', seconds: lookUpSecondsMax, refusal: found.reason }
    case 'signed-out':
      return { state: 'unknown', seconds: 0, refusal: found.reason ?? null }
    case 'unclear':
      return { state: 'unknown', seconds: longer(lookUpSeconds, sends), refusal: found.reason ?? null }
  }
}

function longer(seconds: number, times: number): number {
  return Math.min(lookUpSecondsMax, seconds * 2 ** Math.max(0, times - 1))
}
