// Mail that leaves the hub. What a server answered decides what may be repeated: after 'unclear' it may have gone out.
import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'

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

export type MailServer = { host: string; port: number; user: string; password: string; from: string }

const securePort = 465
const connectSeconds = 15

export function systemMail(server: MailServer, { answerSeconds = 40 } = {}): Mail {
  return {
    from: server.from,
    async send(message) {
      const content = await composed(server, message)
      const state = { isHandedOver: false }
      const connection = new SMTPConnection(optionsOf(server, answerSeconds))
      try {
        const sent = await exchange(connection, server, message, () => handingOver(content, state))
        return { kind: 'taken', reference: sent.response.slice(0, referenceMax) }
      } catch (error) {
        return answerOf(error, state.isHandedOver)
      } finally {
        connection.close()
      }
    },
  }
}

const referenceMax = 200

function optionsOf({ host, port }: MailServer, answerSeconds: number): SMTPConnection.Options {
  const isHere = ['127.0.0.1', '::1', 'localhost'].includes(host)
  return {
    host,
    port,
    secure: port === securePort,
    // The password and buyers' addresses go encrypted, except to this same machine.
    requireTLS: !isHere,
    ...(isHere ? { tls: { rejectUnauthorized: false } } : {}),
    connectionTimeout: connectSeconds * 1000,
    greetingTimeout: connectSeconds * 1000,
    socketTimeout: answerSeconds * 1000,
  }
}

function composed({ from }: MailServer, { to, subject, text, messageId, attachments }: MailMessage): Promise<Buffer> {
  const composer = new MailComposer({
    from,
    to,
    subject,
    text,
    messageId: `<${messageId}>`,
    disableFileAccess: true,
    disableUrlAccess: true,
    attachments: attachments.map(({ fileName, contentType, content }) => ({
      filename: fileName,
      contentType,
      content: Buffer.from(content),
    })),
  })
  return new Promise((resolve, reject) => {
    composer.compile().build((error, built) => (error ? reject(error) : resolve(built)))
  })
}

/** Read only after the server has said that it wants the content; with its last byte gone, only an answer tells. */
function handingOver(content: Buffer, state: { isHandedOver: boolean }): Readable {
  let at = 0
  return new Readable({
    read(bytes) {
      const part = content.subarray(at, at + bytes)
      at += part.length
      this.push(part)
      if (at < content.length) return
      state.isHandedOver = true
      this.push(null)
    },
  })
}

function exchange(
  connection: SMTPConnection,
  { user, password, from }: MailServer,
  { to }: MailMessage,
  content: () => Readable,
): Promise<{ response: string }> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject)
    connection.once('end', () => reject(new Error('The server hung up.')))
    connection.connect((refused) => {
      if (refused) return reject(refused)
      connection.login({ user, credentials: { user, pass: password } }, (wrong) => {
        if (wrong) return reject(wrong)
        connection.send({ from: bareAddress(from), to }, content(), (error, sent) =>
          error ? reject(error) : resolve(sent),
        )
      })
    })
  })
}

function bareAddress(from: string): string {
  return /<([^<>]+)>$/.exec(from)?.[1] ?? from
}

function answerOf(thrown: unknown, isHandedOver: boolean): MailAnswer {
  const error = (thrown instanceof Error ? thrown : new Error('Sending failed.')) as SMTPConnection.SMTPError
  const { responseCode } = error
  const said = (error.response ?? error.message).replaceAll(/\s+/g, ' ').slice(0, 300)
  // The supplier cannot help that; once the operator has, what waited goes out.
  if (error.code === 'EAUTH')
    return { kind: 'wait', reason: 'The mail server does not accept the hub’s sign-in. Tell the operator.' }
  if (responseCode !== undefined && responseCode >= 500) return { kind: 'rejected', reason: said }
  if (responseCode !== undefined && responseCode >= 400) return { kind: 'wait', reason: said }
  if (isHandedOver) return { kind: 'unclear', reason: `The mail server’s answer was lost: ${said}` }
  return { kind: 'wait', reason: `The mail server could not be reached: ${said}` }
}
