import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startSmtpPeer, type SmtpFaults, type SmtpPeer } from '../../test/support/smtp-peer.ts'
import { systemMail, type MailMessage } from './mail.ts'

let peer: SmtpPeer

beforeAll(async () => {
  peer = await startSmtpPeer()
})
afterAll(() => peer.close())
afterEach(() => {
  peer.taken.length = 0
  for (const name of Object.keys(peer.faults)) peer.faults[name as keyof SmtpFaults] = false
})

const message: MailMessage = {
  to: ['orders@supplier.test'],
  subject: 'Purchase order PO-000001',
  text: 'Attached.',
  messageId: 'PO-000001.r1@hub.test',
  attachments: [{ fileName: 'PO-000001.csv', contentType: 'text/csv', content: Buffer.from('a,b\r\n1,2\r\n') }],
}
const send = (answerSeconds = 10) => systemMail(peer.server, { answerSeconds }).send(message)

test('a message arrives whole, under the identity that every try of it has', async () => {
  expect(await send()).toMatchObject({ kind: 'taken' })
  expect(peer.taken).toHaveLength(1)
  expect(peer.taken[0]?.to).toEqual(['orders@supplier.test'])
  expect(peer.taken[0]?.raw).toContain('Message-ID: <PO-000001.r1@hub.test>')
  expect(peer.taken[0]?.raw).toContain('filename=PO-000001.csv')
})

const before: [keyof SmtpFaults, string][] = [
  ['refusesSignIn', 'wait'],
  ['rejectsRecipient', 'rejected'],
  ['isBusy', 'wait'],
  ['dropsBeforeContent', 'wait'],
]
test.each(before)('what stopped a message before its content (%s) leaves no doubt: %s', async (fault, kind) => {
  peer.faults[fault] = true
  expect(await send()).toMatchObject({ kind })
  expect(peer.taken).toEqual([])
})

test('P3: an answer that was lost after the content leaves a doubt, and says so', async () => {
  peer.faults.dropsAfterContent = true
  expect(await send()).toMatchObject({ kind: 'unclear' })
  peer.faults.dropsAfterContent = false
  peer.faults.isSilent = true
  expect(await send(1)).toMatchObject({ kind: 'unclear' })
  expect(peer.taken).toHaveLength(2)
})

test('a mail server that is away means to wait', async () => {
  expect(await systemMail({ ...peer.server, port: 1 }).send(message)).toMatchObject({ kind: 'wait' })
})
