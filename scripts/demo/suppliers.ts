// The demo's suppliers, as different as suppliers are: one signs in at his desk and charges VAT on account, one gets mails and
// sends an invoice a day, one has an SFTP folder, sells in euros and is paid before he sends anything.
import { stringify } from 'csv-stringify/sync'
import { until, type HubClient, type Owner } from './hub-client.ts'
import { hash, importFile, type DemoProduct } from './seed.ts'
import type { StockRow, SupplierPeers } from './supplier-peers.ts'

export type DemoSupplier = { id: string; name: string; skus: Set<string> }
export type DemoSuppliers = { desk: DemoSupplier; mail: DemoSupplier; folder: DemoSupplier }

export const deskPerson: Owner = {
  name: 'Northgate warehouse',
  email: 'warehouse@northgate.example',
  password: 'dock-side-bench-demo',
}

const kinds = [
  {
    key: 'desk',
    name: 'Northgate Instruments',
    preference: 10,
    leadTimeDays: 1,
    currency: 'GBP',
    terms: 'on-account',
    paymentDays: 30,
    creditLimit: { minor: 1_500_000, currency: 'GBP' },
    chargesVat: true,
    vatRateBasisPoints: 2000,
    vatNumber: 'GB 123 4567 89',
    postalAddress: '4 Quay Road\nLeeds LS1 4AB',
    shareOfPrice: 0.55,
  },
  {
    key: 'mail',
    name: 'Harbour Music Supply',
    preference: 20,
    leadTimeDays: 2,
    currency: 'GBP',
    terms: 'on-account',
    paymentDays: 14,
    invoicePer: 'day',
    shareOfPrice: 0.59,
  },
  {
    key: 'folder',
    name: 'Alder & Stone Wholesale',
    preference: 30,
    leadTimeDays: 4,
    currency: 'EUR',
    terms: 'prepaid',
    postalAddress: 'Speicherweg 9\n20457 Hamburg\nGermany',
    shareOfPrice: 0.72,
  },
] as const

/** Each supplier offers a part of the range; every product has at least one who does. */
export async function addSuppliers(
  hub: HubClient,
  products: DemoProduct[],
  peers: SupplierPeers,
): Promise<DemoSuppliers> {
  await hub.send('POST', '/api/exchange-rates', {
    from: 'EUR',
    to: 'GBP',
    rate: '0.8412',
    onDate: new Date().toISOString().slice(0, 10),
    source: 'European Central Bank',
  })
  const added: Partial<DemoSuppliers> = {}
  for (const [index, { key, shareOfPrice, ...supplier }] of kinds.entries()) {
    const { id } = await hub.send<{ id: string }>('POST', '/api/suppliers', supplier)
    const offered = products.filter(({ sku }) => offers(sku, index))
    const rows = offered.map(({ sku, price }) => ({
      sku,
      stock: 3 + (hash(`${index}:${sku}`) % 24),
      cost: (Number(price) * shareOfPrice).toFixed(2),
    }))
    await bringStock(hub, { id, name: supplier.name, rows, peers: key === 'desk' ? peers : undefined })
    added[key] = { id, name: supplier.name, skus: new Set(rows.map(({ sku }) => sku)) }
  }
  const suppliers = added as DemoSuppliers
  await addServices(hub, suppliers)
  await tellTheWays(hub, suppliers, peers)
  return suppliers
}

function offers(sku: string, supplier: number): boolean {
  return hash(sku) % kinds.length === supplier || hash(`${sku}/${supplier}`) % 3 === 0
}

type Stock = { id: string; name: string; rows: StockRow[]; peers: SupplierPeers | undefined }

/** As a feed where he has one, else as a file that the seller uploads. */
async function bringStock(hub: HubClient, { id, name, rows, peers }: Stock): Promise<void> {
  if (peers) {
    peers.offerStock(rows)
    const source = { source: 'url', url: peers.stockUrl, auth: null }
    await hub.send('POST', `/api/suppliers/${id}/feeds`, { source, everyMinutes: 60 })
    await until(
      `Fetching the stock of ${name}`,
      120,
      () => hub.get<{ lastFileAt: string | null }>(`/api/suppliers/${id}`),
      ({ lastFileAt }) => lastFileAt !== null,
    )
    return
  }
  const file = {
    name: `${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}-stock.csv`,
    content: stringify(rows, { header: true }),
  }
  await importFile(hub, { kind: 'supplier-stock', supplierId: id }, file)
}

/** The one with nothing entered ships by any service, with shipping included in his cost. */
async function addServices(hub: HubClient, { desk, folder }: DemoSuppliers): Promise<void> {
  const [standard] = await hub.get<{ id: string }[]>('/api/shipping-services')
  const express = await hub.send<{ id: string }>('POST', '/api/shipping-services', { name: 'Express 24 h' })
  const shared = { vatRateBasisPoints: 0, tracked: true, active: true }
  const offered = [
    { supplier: desk, service: standard, carrier: 'Royal Mail', costMinor: 295, deliveryDays: 2 },
    { supplier: desk, service: express, carrier: 'DPD', costMinor: 650, deliveryDays: 1 },
    { supplier: folder, service: standard, carrier: 'Deutsche Post', costMinor: 490, deliveryDays: 5 },
  ]
  for (const { supplier, service, ...terms } of offered) {
    const vat = supplier === desk ? { vatRateBasisPoints: 2000 } : {}
    const body = { shippingServiceId: service?.id, ...terms, ...shared, ...vat }
    await hub.send('POST', `/api/suppliers/${supplier.id}/services`, body)
  }
}

/** At each start anew, since the suppliers' ports are others then. */
export async function tellTheWays(
  hub: HubClient,
  { desk, mail, folder }: DemoSuppliers,
  peers: SupplierPeers,
): Promise<void> {
  await hub.send('PATCH', `/api/suppliers/${mail.id}/ways`, { way: 'email', email: 'orders@harbour-music.example' })
  const sftp = { ...peers.sftp, orderFolder: '/in', trackingFolder: '/out' }
  await hub.send('PATCH', `/api/suppliers/${folder.id}/ways`, { way: 'sftp', sftp, picksUpTracking: true })
  const source = { source: 'url', url: peers.stockUrl, auth: null }
  for (const feed of await hub.get<{ id: string; shown: { address: string } }[]>(`/api/suppliers/${desk.id}/feeds`))
    if (feed.shown.address !== peers.stockUrl) await hub.send('PATCH', `/api/feeds/${feed.id}`, { source })
}

/** Those that an earlier start has added. */
export async function suppliersOf(hub: HubClient): Promise<DemoSuppliers> {
  const known = await hub.get<{ id: string; name: string }[]>('/api/suppliers')
  const named = ({ key, name }: (typeof kinds)[number]) => {
    const id = known.find((one) => one.name === name)?.id ?? ''
    return [key, { id, name, skus: new Set<string>() }] as const
  }
  return Object.fromEntries(kinds.map(named)) as DemoSuppliers
}

/** One person of the supplier, who followed the link of his invitation. */
export async function inviteDeskPerson(hub: HubClient, origin: string, { id }: DemoSupplier): Promise<void> {
  const { link } = await hub.send<{ link: string }>('POST', `/api/suppliers/${id}/people`, { email: deskPerson.email })
  const { name, password } = deskPerson
  const answer = await fetch(`${origin}/auth/invitation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin },
    body: JSON.stringify({ token: new URL(link).hash.slice(1), name, password }),
  })
  if (!answer.ok) throw new Error(`The invitation was not taken: ${await answer.text()}`)
}
