// Requests to addresses that people typed (feeds, webhooks to suppliers, pictures). Nothing private is ever reached: names
// are resolved, every address is checked, and the checked address is the one connected to.

export type OutsideRequest = {
  method: 'GET' | 'POST' | 'HEAD'
  /** https only; ports 443 and 8443; no credentials in it. */
  url: string
  headers?: Record<string, string>
  body?: string
  bytesMax: number
  timeoutSeconds: number
}

export type OutsideResponse = { status: number; headers: Record<string, string>; bytes: Uint8Array }

export type Outside = { request(request: OutsideRequest): Promise<OutsideResponse> }

/**
 * 'refused': we do not go there. 'wait': nothing came back, and a repeat may go better.
 * 'unclear': the request was handed over and its answer lost.
 */
export class OutsideRefused extends Error {
  readonly kind: 'refused' | 'wait' | 'unclear'
  constructor(kind: 'refused' | 'wait' | 'unclear', message: string) {
    super(message)
    this.kind = kind
  }
}

export const noOutside: Outside = {
  request: () => Promise.reject(new OutsideRefused('refused', 'Addresses outside are not available here.')),
}
