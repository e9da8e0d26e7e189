// Mail that leaves the hub. What a server answered decides what may be repeated: after 'unclear' it may have gone out.

export type MailMessage = {
  to: string[]
  subject: string
  text: string
  /** Ours, the same for every try of one message: a reader's mail program shows a repeat once. Without angle brackets. */
  messageId: string
  attachments: { fileName: string; contentType: string; content: Uint8Array }[]
}

export type MailAnswer =
  | { kind: 'taken'; reference: string }
  /** It was not taken, and will not be. */
  | { kind: 'rejected'; reason: string }
  /** It was surely not taken; later it may be. */
  | { kind: 'wait'; reason: string }
  /** The answer was lost after the message had been handed over. */
  | { kind: 'unclear'; reason: string }

export type Mail = {
  /** Null: the operator has not set up a mail server; nothing can be sent. */
  from: string | null
  send(message: MailMessage): Promise<MailAnswer>
}

export const noMail: Mail = {
  from: null,
  send: () => Promise.resolve({ kind: 'rejected', reason: 'No mail server is set up.' }),
}
