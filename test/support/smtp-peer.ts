// A mail server on loopback that keeps what it took, with the troubles that a real one has.
import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { MailServer } from '../../src/platform/mail.ts'

export type SmtpFaults = {
  refusesSignIn: boolean
  /** "No such mailbox". */
  rejectsRecipient: boolean
  /** "Try again later". */
  isBusy: boolean
  /** Gone after the recipients, before the content. */
  dropsBeforeContent: boolean
  /** It has the message, and the line is dead before the answer. */
  dropsAfterContent: boolean
  /** It has the message and never says so. */
  isSilent: boolean
}

export type SmtpPeer = {
  server: MailServer
  taken: { to: string[]; raw: string }[]
  faults: SmtpFaults
  close(): Promise<void>
}

export async function startSmtpPeer(): Promise<SmtpPeer> {
  const peer: Pick<SmtpPeer, 'taken' | 'faults'> = {
    taken: [],
    faults: {
      refusesSignIn: false,
      rejectsRecipient: false,
      isBusy: false,
      dropsBeforeContent: false,
      dropsAfterContent: false,
      isSilent: false,
    },
  }
  const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code })
  const sockets = new Set<Socket>()
  const dropAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onAuth(_auth, _session, answer) {
      if (peer.faults.refusesSignIn) answer(new Error('Wrong password'))
      else answer(null, { user: 'hub' })
    },
    onRcptTo(_address, _session, answer) {
      if (peer.faults.rejectsRecipient) return answer(refusal(550, 'No such mailbox'))
      if (peer.faults.isBusy) return answer(refusal(451, 'Try again later'))
      if (peer.faults.dropsBeforeContent) return dropAll()
      return answer()
    },
    onData(stream, session, answer) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address)
        peer.taken.push({ to, raw: Buffer.concat(chunks).toString() })
        if (peer.faults.dropsAfterContent) dropAll()
        else if (!peer.faults.isSilent) answer(null)
      })
    },
  })
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    ...peer,
    server: { host: '127.0.0.1', port, user: 'hub', password: 'right', from: 'Hub <orders@hub.test>' },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        dropAll()
      }),
  }
}
