// A few orders that show what does not go smoothly: one that the supplier declines, one whose mail may or may not have
// arrived, some that wait for a payment, one whose shipping service nobody has mapped.
import { signIn, until, type HubClient } from './hub-client.ts'
import type { SandboxProcess } from './sandbox-process.ts'
import { leftUnmapped } from './shipping.ts'
import type { SupplierPeers } from './supplier-peers.ts'
import { deskPerson, type DemoSupplier, type DemoSuppliers } from './suppliers.ts'

type PurchaseOrder = { id: string; number: string; state: string; supplierId: string; marketplaceOrderId: string }
type Stage = { hub: HubClient; origin: string; sandbox: SandboxProcess; channelId: string; suppliers: DemoSuppliers }

const seconds = 60

/** At the first marketplace, where an order is a listing: so each goes to one supplier. */
export async function playScenes(stage: Stage, peers: SupplierPeers): Promise<string[]> {
  const { hub, suppliers, sandbox } = stage
  const sold = await skusOf(sandbox)
  const { desk, mail, folder } = suppliers
  // As routing prefers them: the one with the desk, then the one with the mailbox.
  const offered = (one: DemoSupplier, preferred: DemoSupplier[]) =>
    sold.filter((sku) => one.skus.has(sku) && !preferred.some(({ skus }) => skus.has(sku)))
  const [accepted] = offered(desk, [])
  const declined = offered(desk, []).find((sku) => sku !== accepted && mail.skus.has(sku))
  const [inDoubt] = offered(mail, [desk])
  const [paid, queued] = offered(folder, [desk, mail])
  const told: string[] = []
  const order = (sku: string | undefined) => (sku === undefined ? undefined : buy(stage, sku))
  const declinedOrder = await order(declined)
  const acceptedOrder = await order(accepted)
  if (declinedOrder) {
    const person = await signIn(stage.origin, deskPerson)
    const { id, number } = await purchaseOrderOf(hub, declinedOrder, ['sent'])
    const reason = { reason: 'out-of-stock', note: 'None before next month.' }
    await person.send('POST', `/api/desk/purchase-orders/${id}/cancel`, reason)
    told.push(`Order ${declinedOrder}: ${desk.name} declined ${number}; see what routing made of it.`)
    if (acceptedOrder) {
      const { id: ids } = await purchaseOrderOf(hub, acceptedOrder, ['sent'])
      await person.send('POST', '/api/desk/purchase-orders/accept', { ids: [ids] })
    }
  }
  if (inDoubt !== undefined) {
    peers.loseNextMailAnswer()
    await buy(stage, inDoubt)
    // Another buyer's order may be mailed before it.
    const { number, marketplaceOrderId } = await purchaseOrderWhere(
      hub,
      `A purchase order of ${mail.name} in doubt`,
      ({ supplierId, state }) => supplierId === mail.id && state === 'in-doubt',
    )
    told.push(
      `Order ${marketplaceOrderId}: in doubt. The line broke as ${number} was mailed to ${mail.name}: did it arrive?`,
    )
  }
  const paidOrder = await order(paid)
  const queuedOrder = await order(queued)
  if (paidOrder) {
    const { id: purchaseOrderId } = await purchaseOrderOf(hub, paidOrder, ['queued-for-payment'])
    await payFor(hub, folder, purchaseOrderId)
    told.push(
      `Order ${paidOrder}: ${folder.name} was paid, so it lies in his SFTP folder; his tracking comes by itself.`,
    )
  }
  if (queuedOrder) {
    await purchaseOrderOf(hub, queuedOrder, ['queued-for-payment'])
    told.push(`Order ${queuedOrder}: queued for payment. Invoices › Record payment lets it go, in euros.`)
  }
  return told
}

/** At the marketplace with the word that is left unmapped. */
export async function orderByUnmappedService(sandbox: SandboxProcess): Promise<void> {
  const [sku] = await skusOf(sandbox)
  await ask(sandbox, 'orders', [{ lines: [{ sku, quantity: 1 }], shippingService: leftUnmapped.service }])
}

async function buy({ sandbox, hub, channelId }: Stage, sku: string): Promise<string> {
  const [placed] = await ask<{ orders: { number: string }[] }[]>(sandbox, 'orders', [{ lines: [{ sku, quantity: 1 }] }])
  await hub.send('POST', `/api/channels/${channelId}/orders/download`, {})
  return placed?.orders[0]?.number ?? ''
}

function purchaseOrderOf(hub: HubClient, order: string, states: string[]): Promise<PurchaseOrder> {
  return purchaseOrderWhere(
    hub,
    `The purchase order of ${order}`,
    ({ marketplaceOrderId, state }) => marketplaceOrderId === order && states.includes(state),
  )
}

async function purchaseOrderWhere(
  hub: HubClient,
  what: string,
  isWanted: (one: PurchaseOrder) => boolean,
): Promise<PurchaseOrder> {
  const found = await until(
    what,
    seconds,
    async () => (await hub.get<{ rows: PurchaseOrder[] }>('/api/purchase-orders?limit=200')).rows.find(isWanted),
    (one) => one !== undefined,
  )
  if (!found) throw new Error(`${what} is not there.`)
  return found
}

type Invoice = { id: string; open: { minor: number; currency: string }; purchaseOrders: { id: string }[] }

async function payFor(hub: HubClient, { id }: DemoSupplier, purchaseOrderId: string): Promise<void> {
  const { rows } = await hub.get<{ rows: Invoice[] }>(`/api/invoices?supplierId=${id}&limit=50`)
  for (const row of rows) {
    const invoice = await hub.get<Invoice>(`/api/invoices/${row.id}`)
    if (!invoice.purchaseOrders.some((one) => one.id === purchaseOrderId)) continue
    const paidOn = new Date().toISOString().slice(0, 10)
    await hub.send('POST', `/api/invoices/${row.id}/payments`, { amount: invoice.open, paidOn, method: 'bank' })
  }
}

async function skusOf({ consoleUrl }: SandboxProcess): Promise<string[]> {
  const listings = (await (await fetch(`${consoleUrl}truth/listings`)).json()) as {
    sku: string
    isLive: boolean
    quantity: number
  }[]
  return listings.filter(({ sku, isLive, quantity }) => isLive && sku !== '' && quantity > 1).map(({ sku }) => sku)
}

async function ask<Answer>({ consoleUrl }: SandboxProcess, path: string, body: unknown): Promise<Answer> {
  const answer = await fetch(consoleUrl + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`The sandbox refused ${path}: ${await answer.text()}`)
  return (await answer.json()) as Answer
}
