// A try of the way to a supplier, without a purchase order: the answer is a sentence for the person who pressed the button.
import { Webhook } from 'standardwebhooks'
import type {
  OrderWay,
  SftpConnection,
  SupplierConnection,
  WebhookConnection,
} from '../domain/catalog/supplier-connection.ts'
import { OutsideRefused } from '../platform/outside.ts'
import { SftpRefused } from '../platform/sftp.ts'
import type { EngineParts } from './channel-run.ts'

export type WayTest = { ok: boolean; text: string }

type Tested = { way: OrderWay; email: string | null; connection: SupplierConnection; picksUpTracking: boolean }

export async function testWay(parts: EngineParts, to: Tested): Promise<WayTest> {
  const { sftp, webhook } = to.connection
  if (to.way === 'email') return testMail(parts, to.email ?? '')
  if (to.way === 'sftp' && sftp) return testSftp(parts, sftp, to.picksUpTracking)
  if (to.way === 'webhook' && webhook) return testWebhook(parts, webhook)
  return { ok: true, text: 'Purchase orders are shown on the supplier’s screen. There is nothing to try.' }
}

async function testMail({ mail, ids }: EngineParts, email: string): Promise<WayTest> {
  const domain = /@([^\s>]+)>?$/.exec(mail.from ?? '')?.[1] ?? 'localhost'
  const answer = await mail.send({
    to: email.split(',').map((address) => address.trim()),
    subject: 'A test: purchase orders will come from this address',
    text: 'This is a test. Nothing is ordered with it.\n',
    messageId: `test.${ids.uuid()}@${domain}`,
    attachments: [],
  })
  if (answer.kind === 'taken')
    return { ok: true, text: `The mail server took a test for ${email}. Ask whether it arrived.` }
  return { ok: false, text: `The mail server did not take it: ${withStop(answer.reason)}` }
}

const testFile = 'fairlead-test.txt'

async function testSftp({ sftp }: EngineParts, to: SftpConnection, picksUpTracking: boolean): Promise<WayTest> {
  try {
    await sftp.use(to, async (files) => {
      const path = `${to.orderFolder}/${testFile}`
      await files.write(path, Buffer.from('A test. Nothing is ordered with it.\r\n'))
      await files.remove(path)
      if (picksUpTracking) await files.list(to.trackingFolder)
    })
    return { ok: true, text: `A test file was written to ${to.orderFolder} and removed again.` }
  } catch (error) {
    if (!(error instanceof SftpRefused)) throw error
    return { ok: false, text: withStop(error.message) }
  }
}

async function testWebhook({ outside, clock, ids }: EngineParts, to: WebhookConnection): Promise<WayTest> {
  const at = clock.now()
  const id = `test/${ids.uuid()}`
  const body = JSON.stringify({ type: 'test', date: at.toISOString() })
  try {
    const { status } = await outside.request({
      method: 'POST',
      url: to.url,
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(to.secret).sign(id, at, body),
      },
      body,
      bytesMax: 65_536,
      timeoutSeconds: 20,
    })
    if (status >= 200 && status < 300) return { ok: true, text: `His server took the test (${status}).` }
    return { ok: false, text: `His server answered ${status}.` }
  } catch (error) {
    if (!(error instanceof OutsideRefused)) throw error
    return { ok: false, text: withStop(error.message) }
  }
}

function withStop(text: string): string {
  return `${text.replace(/[.\s]+$/, '')}.`
}
