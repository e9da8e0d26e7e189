// The ways a purchase order goes out (D5): each hands it over, and says what it can be told of one that may have arrived.
import { Webhook } from 'standardwebhooks'
import {
  purchaseOrderCsv,
  purchaseOrderPdf,
  type PurchaseOrderDocument,
} from '../domain/documents/purchase-order-document.ts'
import type { SftpConnection, SupplierConnection, WebhookConnection } from '../domain/catalog/supplier-connection.ts'
import { orderFileName, sendKey, type LookUpAnswer, type SendAnswer } from '../domain/purchasing/sending.ts'
import { OutsideRefused, type OutsideResponse } from '../platform/outside.ts'
import { SftpRefused, type SftpFiles } from '../platform/sftp.ts'
import type { EngineParts } from './channel-run.ts'
import { webhookBody } from './webhook-body.ts'

export type OrderWays = {
  send(order: PurchaseOrderDocument): Promise<SendAnswer>
  lookUp(order: PurchaseOrderDocument): Promise<LookUpAnswer>
  canLookUp: boolean
}

export type WaysParts = Pick<EngineParts, 'mail' | 'sftp' | 'outside' | 'clock' | 'drawOrder'>

export function emailWay(
  { mail, drawOrder = purchaseOrderPdf }: WaysParts,
  { to, tenantId }: { to: string; tenantId: string },
): OrderWays {
  return {
    canLookUp: false,
    async send(order) {
      if (mail.from === null)
        return {
          kind: 'rejected',
          reason: 'No mail server is set up for this hub. Ask the operator, or choose another way',
        }
      const name = orderFileName(order.number, order.revision).replace(/\.csv$/, '')
      const answer = await mail.send({
        to: to.split(',').map((address) => address.trim()),
        subject: subjectOf(order),
        text: textOf(order),
        messageId: messageIdOf(order, tenantId, mail.from),
        attachments: [
          { fileName: `${name}.pdf`, contentType: 'application/pdf', content: await drawOrder(order) },
          { fileName: `${name}.csv`, contentType: 'text/csv', content: Buffer.from(purchaseOrderCsv(order)) },
        ],
      })
      return answer
    },
    lookUp: () => Promise.resolve({ kind: 'ask-person' }),
  }
}

function subjectOf(order: PurchaseOrderDocument): string {
  const revision = order.revision > 1 ? `, revision ${order.revision}` : ''
  if (order.isCancelled) return `Cancelled: purchase order ${order.number}${revision} from ${order.businessName}`
  return `Purchase order ${order.number}${revision} from ${order.businessName}`
}

function textOf(order: PurchaseOrderDocument): string {
  if (order.isCancelled)
    return `${order.businessName} cancels purchase order ${order.number}. Please send nothing of it.\n`
  const replaces = order.revision > 1 ? ' It replaces what was sent under this number before.' : ''
  return `Please send what is in the attached purchase order ${order.number} to the address in it.${replaces}\n\nIts number belongs into your tracking file.\n`
}

/** The same for every try, so that a reader's mail program shows a repeat once. */
function messageIdOf(order: PurchaseOrderDocument, tenantId: string, from: string): string {
  const domain = /@([^\s>]+)>?$/.exec(from)?.[1] ?? 'localhost'
  return `${order.number}.r${order.revision}.${tenantId}@${domain}`
}

export function sftpWay({ sftp }: WaysParts, to: SftpConnection): OrderWays {
  const pathOf = ({ number, revision }: PurchaseOrderDocument) => `${to.orderFolder}/${orderFileName(number, revision)}`
  return {
    canLookUp: true,
    async send(order) {
      const state = { hasBegun: false }
      try {
        await sftp.use(to, async (files: SftpFiles) => {
          state.hasBegun = true
          await files.write(pathOf(order), Buffer.from(purchaseOrderCsv(order)))
        })
        return { kind: 'taken', reference: orderFileName(order.number, order.revision) }
      } catch (error) {
        if (!(error instanceof SftpRefused)) throw error
        if (error.kind === 'rejected') return { kind: 'rejected', reason: error.message }
        return { kind: state.hasBegun ? 'unclear' : 'wait', reason: error.message }
      }
    },
    async lookUp(order) {
      try {
        const size = await sftp.use(to, (files) => files.size(pathOf(order)))
        // A file gets its name once it is whole. How long it is says nothing: the purchase order may have changed since.
        return { kind: size === null ? 'not-there' : 'there' }
      } catch (error) {
        if (!(error instanceof SftpRefused)) throw error
        return { kind: 'unknown', reason: error.message }
      }
    },
  }
}

const webhookBytesMax = 65_536
const webhookSeconds = 30

export function webhookWay({ outside, clock }: WaysParts, to: WebhookConnection): OrderWays {
  const headersFor = (id: string, body: string) => {
    const at = clock.now()
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(to.secret).sign(id, at, body),
    }
  }
  return {
    canLookUp: true,
    async send(order) {
      const id = sendKey(order.number, order.revision)
      const body = JSON.stringify(webhookBody(order))
      try {
        const response = await outside.request({
          method: 'POST',
          url: to.url,
          headers: { ...headersFor(id, body), 'content-type': 'application/json' },
          body,
          bytesMax: webhookBytesMax,
          timeoutSeconds: webhookSeconds,
        })
        return answerOf(response)
      } catch (error) {
        if (!(error instanceof OutsideRefused)) throw error
        return { kind: error.kind === 'refused' ? 'rejected' : error.kind, reason: error.message }
      }
    },
    async lookUp(order) {
      const id = sendKey(order.number, order.revision)
      try {
        const { status } = await outside.request({
          method: 'GET',
          url: `${to.url.replace(/\/+$/, '')}/${id}`,
          headers: headersFor(id, ''),
          bytesMax: webhookBytesMax,
          timeoutSeconds: webhookSeconds,
        })
        if (status === 200) return { kind: 'there' }
        if (status === 404) return { kind: 'not-there' }
        return { kind: 'unknown', reason: `Asked whether he has it, his server answered ${status}` }
      } catch (error) {
        if (!(error instanceof OutsideRefused)) throw error
        return { kind: 'unknown', reason: error.message }
      }
    },
  }
}

/** What may have been taken although it says no, is looked up. */
function answerOf({ status, headers }: OutsideResponse): SendAnswer {
  const reason = `His server answered ${status}`
  if (status >= 200 && status < 300) return { kind: 'taken', reference: null }
  if (status === 429 || status === 503) {
    const seconds = Number(headers['retry-after'])
    return { kind: 'wait', reason, ...(seconds > 0 ? { seconds: Math.min(seconds, retryAfterMax) } : {}) }
  }
  if (status >= 500 || status === 408 || status === 409) return { kind: 'unclear', reason }
  return { kind: 'rejected', reason }
}

const retryAfterMax = 3_600

/** Undefined: that way is not set up. */
export function wayFor(
  parts: WaysParts,
  to: { tenantId: string; way: string; email: string | null; connection: SupplierConnection },
): OrderWays | undefined {
  const { sftp, webhook } = to.connection
  if (to.way === 'email' && to.email) return emailWay(parts, { to: to.email, tenantId: to.tenantId })
  if (to.way === 'sftp' && sftp) return sftpWay(parts, sftp)
  if (to.way === 'webhook' && webhook) return webhookWay(parts, webhook)
  return undefined
}
