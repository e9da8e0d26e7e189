// The suppliers' side of the demo, on loopback: a mailbox, an SFTP folder whose owner sends what is ordered and answers with
// tracking files, a stock file that changes, and a page that shows it all.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import type { SftpAddress } from '../../src/platform/sftp.ts'
import { startSftpPeer, type SftpPeer } from '../../test/support/sftp-peer.ts'
import { startSmtpPeer, type SmtpPeer } from '../../test/support/smtp-peer.ts'
import { readMail } from './read-mail.ts'
import { suppliersPage } from './suppliers-page.ts'

export type SupplierPeers = {
  /** The page for people. */
  url: string
  /** Where the stock file lies. */
  stockUrl: string
  sftp: SftpAddress
  /** The variables of the hub's mail server. */
  mailSettings: Record<string, string>
  /** What the stock file has from now on. */
  offerStock(rows: StockRow[]): void
  /** The next mail is taken, and the line breaks before the answer. */
  loseNextMailAnswer(): void
  stop(): Promise<void>
}

export type StockRow = { sku: string; stock: number; cost: string }

const looksEveryMs = 5_000
/** So that the order is seen with its supplier before it is dispatched. */
const sendsAfterMs = 40_000

export async function startSupplierPeers(dataFolder: string): Promise<SupplierPeers> {
  const [smtp, sftp] = await Promise.all([startSmtpPeer(), startSftpPeer()])
  const stockPath = join(dataFolder, 'supplier-stock.csv')
  const stock = { file: existsSync(stockPath) ? readFileSync(stockPath, 'utf8') : 'SKU,Stock,Cost\n' }
  const page = await serve(smtp, sftp, stock)
  const url = `http://127.0.0.1:${(page.address() as AddressInfo).port}/`
  const sending = setInterval(() => sendWhatIsOrdered(sftp), looksEveryMs)
  const loss = { from: Number.POSITIVE_INFINITY }
  const watching = setInterval(() => {
    // One lost answer is enough.
    if (smtp.taken.length > loss.from) smtp.faults.dropsAfterContent = false
  }, 100)
  const { host, port, user, password, from } = smtp.server
  return {
    url,
    stockUrl: `${url}stock.csv`,
    sftp: sftp.address,
    mailSettings: {
      FAIRLEAD_SMTP_HOST: host,
      FAIRLEAD_SMTP_PORT: String(port),
      FAIRLEAD_SMTP_USER: user,
      FAIRLEAD_SMTP_PASSWORD: password,
      FAIRLEAD_SMTP_FROM: from,
    },
    offerStock(rows) {
      stock.file = stringify(
        rows.map(({ sku, stock: Stock, cost: Cost }) => ({ SKU: sku, Stock, Cost })),
        { header: true },
      )
      writeFileSync(stockPath, stock.file)
    },
    loseNextMailAnswer() {
      loss.from = smtp.taken.length
      smtp.faults.dropsAfterContent = true
    },
    async stop() {
      clearInterval(sending)
      clearInterval(watching)
      page.closeAllConnections()
      await Promise.all([smtp.close(), sftp.close(), new Promise((resolve) => page.close(resolve))])
    },
  }
}

const firstSeen = new Map<string, number>()

/** As a warehouse does: a while after an order lies in the folder, its parcel leaves and a tracking file answers. */
function sendWhatIsOrdered({ files, folders }: SftpPeer): void {
  const ordered = [...files].filter(([path]) => /^\/in\/PO-.*\.csv$/.test(path))
  for (const [path, content] of ordered) {
    const seenAt = firstSeen.get(path) ?? Date.now()
    firstSeen.set(path, seenAt)
    const [first] = parse(content, { columns: true, bom: true }) as Record<string, string>[]
    const number = first?.['Purchase order'] ?? ''
    const answer = `/out/tracking-${number}.csv`
    const isAnswered = files.has(answer) || files.has(answer.replace('/out/', '/out/done/'))
    if (isAnswered || first?.['State'] !== 'ordered' || Date.now() - seenAt < sendsAfterMs) continue
    const parcel = {
      'Purchase order': number,
      Carrier: 'Deutsche Post',
      'Tracking number': `RG${number.replace(/\D/g, '').padStart(9, '0')}DE`,
    }
    folders.add('/out')
    files.set(answer, Buffer.from(stringify([parcel], { header: true })))
  }
}

async function serve(smtp: SmtpPeer, sftp: SftpPeer, stock: { file: string }): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1')
    const send = (type: string, content: string | Buffer) =>
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(content)
    const [, kind = '', which = ''] = pathname.split('/')
    if (pathname === '/stock.csv') return send('text/csv; charset=utf-8', stock.file)
    const mails = smtp.taken.map(readMail)
    if (kind === 'mail') {
      const found = mails.flatMap(({ attachments }) => attachments).find(({ name }) => name === which)
      if (found) return send(found.type, found.content)
    }
    const file = kind === 'folder' ? sftp.files.get(decodeURIComponent(which)) : undefined
    if (file) return send('text/plain; charset=utf-8', file)
    if (pathname !== '/') return response.writeHead(404).end()
    return send('text/html; charset=utf-8', suppliersPage({ mails, files: [...sftp.files.keys()], stock: stock.file }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}
