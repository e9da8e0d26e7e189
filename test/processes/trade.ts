// Business as usual: buyers order and cancel, suppliers accept and dispatch what reached them, the seller pays.
import type { SftpPeer } from '../support/sftp-peer.ts'
import type { SmtpPeer } from '../support/smtp-peer.ts'
import type { WebhookPeer } from '../support/webhook-peer.ts'
import { goods, newId, pause, type Business, type Shop, type Supplier } from './business.ts'

export type Peers = { webhook: WebhookPeer; sftp: SftpPeer; smtp: SmtpPeer }
export type Dice = { below(count: number): number; chance(share: number): boolean }

export type Trade = {
  /** Tracking numbers that suppliers tried to enter; what was answered with a yes must never be lost. */
  tried: Set<string>
  acknowledged: Set<string>
  orders: number
  cancelled: number
}

type DeskOrder = { id: string; number: string; state: string }

export function newTrade(): Trade {
  return { tried: new Set(), acknowledged: new Set(), orders: 0, cancelled: 0 }
}

/** Goes on until the signal; each part minds its own business, as people do. */
export async function tradeUntil(
  signal: AbortSignal,
  given: { business: Business; peers: Peers; dice: Dice; trade: Trade },
): Promise<void> {
  const { business, dice, trade } = given
  const repeat = async (everyMilliseconds: number, work: () => Promise<void>) => {
    while (!signal.aborted) {
      await work()
      await pause(everyMilliseconds)
    }
  }
  await Promise.all([
    repeat(600, async () => buy(business.shops, dice, trade)),
    ...business.suppliers.map((supplier) => repeat(1000, () => supply(supplier, given))),
    repeat(2000, () => payEverything(business)),
  ])
}

function buy(shops: Shop[], dice: Dice, trade: Trade): void {
  const shop = shops[dice.below(shops.length)]
  if (!shop) return
  const skus = [dice.below(goods.length), dice.below(goods.length)].slice(0, dice.chance(0.3) ? 2 : 1)
  const lines = [...new Set(skus)].map((at) => ({ sku: goods[at]?.sku ?? '', quantity: 1 + dice.below(2) }))
  for (const { orders, refused } of shop.control.placeOrders([
    { lines, buyerNumber: dice.below(500), countryCode: 'GB' },
  ])) {
    trade.orders += orders.length
    if (refused.length > 0) throw new Error(`${shop.id} refused an order: ${JSON.stringify(refused)}`)
  }
  if (!dice.chance(0.15)) return
  const open = shop.control
    .truth()
    .orders.filter(({ isCanceled, isShipped, isPaid }) => isPaid && !isCanceled && !isShipped)
  const order = open[dice.below(Math.max(1, open.length))]
  if (order && shop.control.cancelOrder(order.number) === undefined) trade.cancelled += 1
}

/** Whom nothing has reached works on nothing. */
export function reached({ webhook, sftp, smtp }: Peers, { way }: Supplier): Set<string> | null {
  if (way === 'screen') return null
  const keys = { webhook: webhookKeys(webhook), sftp: sftpKeys(sftp), email: mailKeys(smtp) }[way]
  return new Set(keys.map((key) => key.split('/')[0] ?? ''))
}

export const webhookKeys = ({ taken }: WebhookPeer): string[] => taken.map(({ id }) => id)
/** A file has its name from the moment it is renamed. */
export const sftpKeys = ({ log }: SftpPeer): string[] =>
  log.flatMap((line) => {
    const [, number, revision] = /^rename \S+ \/in\/(\S+)-r(\d+)\.csv$/.exec(line) ?? []
    return number === undefined ? [] : [`${number}/${revision}`]
  })
export const mailKeys = ({ taken }: SmtpPeer): string[] =>
  taken.flatMap(({ raw }) => {
    const [, number, revision] = /^Message-ID: <(\S+?)\.r(\d+)\./im.exec(raw) ?? []
    return number === undefined ? [] : [`${number}/${revision}`]
  })

async function supply(supplier: Supplier, given: { peers: Peers; dice: Dice; trade: Trade }): Promise<void> {
  const { dice, trade } = given
  const { asker } = supplier
  const had = reached(given.peers, supplier)
  const state = dice.chance(0.7) ? 'to-do' : 'accepted'
  const { rows } = await asker.get<{ rows: DeskOrder[] }>(`/api/desk/purchase-orders?state=${state}&limit=20`)
  const open = rows.filter(({ number }) => had === null || had.has(number)).slice(0, 5)
  if (open.length === 0) return
  if (dice.chance(0.4)) await asker.ask('POST', '/api/desk/purchase-orders/accept', { ids: open.map(({ id }) => id) })
  const parcels = open.map((order) => ({
    order,
    trackingNumber: `TRK${newId().replaceAll('-', '').slice(0, 16).toUpperCase()}`,
  }))
  for (const { trackingNumber } of parcels) trade.tried.add(trackingNumber)
  if (dice.chance(0.3)) return uploadTracking(supplier, parcels)
  for (const { order, trackingNumber } of parcels) {
    const body = { carrier: 'Royal Mail', trackingNumber }
    const { status } = await asker.ask('POST', `/api/desk/purchase-orders/${order.id}/parcels`, body)
    if (status < 300) trade.acknowledged.add(trackingNumber)
  }
}

/** An answer for the whole file says little of each row, so none of them counts as acknowledged. */
async function uploadTracking(
  { asker }: Supplier,
  parcels: { order: DeskOrder; trackingNumber: string }[],
): Promise<void> {
  const rows = parcels.map(({ order, trackingNumber }) => `${order.number},Royal Mail,${trackingNumber}`)
  const content = ['Purchase order,Carrier,Tracking number', ...rows].join('\r\n')
  const { status, body } = await asker.upload('/api/desk/tracking', {}, { name: 'tracking.csv', content })
  if (status >= 300) throw new Error(`A tracking file was answered ${status}: ${JSON.stringify(body)}`)
}

/** Prepaid suppliers get their purchase orders for it. The payment's id makes it one, however often it is sent. */
export async function payEverything({ seller, suppliers }: Business): Promise<void> {
  const prepaid = suppliers.find(({ way }) => way === 'screen')
  const { rows } = await seller.get<{
    rows: { id: string; kind: string; open: { minor: number; currency: string } }[]
  }>(`/api/invoices?state=open&supplierId=${prepaid?.id}`)
  for (const { id, kind, open } of rows) {
    if (kind !== 'invoice' || open.minor <= 0) continue
    const paidOn = new Date().toISOString().slice(0, 10)
    await seller.ask('POST', `/api/invoices/${id}/payments`, { id: newId(), amount: open, paidOn, method: 'Bank' })
  }
}

/** As a person looks at what stays in doubt and says what he finds in the supplier's mailbox. */
export async function settleDoubts({ seller, suppliers }: Business, { smtp }: Peers): Promise<void> {
  const byMail = suppliers.find(({ way }) => way === 'email')
  const { rows } = await seller.get<{ rows: { id: string; number: string; state: string }[] }>(
    `/api/purchase-orders?supplierId=${byMail?.id}&limit=200`,
  )
  for (const { id, number } of rows) {
    const sending = await seller.get<{ revision: number; asksPerson: boolean }[]>(`/api/purchase-orders/${id}/sending`)
    const asked = sending.find(({ asksPerson }) => asksPerson)
    if (!asked) continue
    const said = mailKeys(smtp).includes(`${number}/${asked.revision}`) ? 'arrived' : 'send-again'
    await seller.ask('POST', `/api/purchase-orders/${id}/doubt`, { said })
  }
}
