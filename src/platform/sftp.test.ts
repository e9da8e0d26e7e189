import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startSftpPeer, type SftpPeer } from '../../test/support/sftp-peer.ts'
import { SftpRefused, systemSftp } from './sftp.ts'

let peer: SftpPeer
const sftp = systemSftp({ mayReach: () => true })
const impatient = systemSftp({ mayReach: () => true, workSeconds: 1 })
const bytes = (text: string) => Buffer.from(text)

beforeAll(async () => {
  peer = await startSftpPeer()
})
afterAll(() => peer.close())
afterEach(() => {
  peer.files.clear()
  peer.log.length = 0
  for (const name of Object.keys(peer.faults)) peer.faults[name as keyof SftpPeer['faults']] = false
})

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof SftpRefused ? { kind: error.kind, message: error.message } : error),
  )

test('a file appears under its name only when it is whole, and replaces one of that name', async () => {
  for (const plainly of [false, true]) {
    peer.faults.renamesPlainly = plainly
    await sftp.use(peer.address, async (files) => {
      await files.write('/in/PO-1.csv', bytes('first'))
      await files.write('/in/PO-1.csv', bytes('second, longer'))
      expect(await files.size('/in/PO-1.csv')).toBe(14)
      expect(await files.size('/in/PO-2.csv')).toBeNull()
    })
    expect([...peer.files.keys()]).toEqual(['/in/PO-1.csv'])
    expect(peer.files.get('/in/PO-1.csv')?.toString()).toBe('second, longer')
  }
})

test('a folder is listed by name, files are read up to a limit, moved and removed', async () => {
  peer.files.set('/out/b.csv', bytes('bb'))
  peer.files.set('/out/a.csv', bytes('a'))
  await sftp.use(peer.address, async (files) => {
    expect((await files.list('/out')).map(({ name, size }) => [name, size])).toEqual([
      ['a.csv', 1],
      ['b.csv', 2],
    ])
    expect(Buffer.from(await files.read('/out/b.csv', 2)).toString()).toBe('bb')
    expect(await refusal(files.read('/out/b.csv', 1))).toMatchObject({ kind: 'rejected' })
    await files.move('/out/a.csv', '/out/done/a.csv')
    await files.remove('/out/b.csv')
    await files.remove('/out/b.csv')
  })
  expect([...peer.files.keys()]).toEqual(['/out/done/a.csv'])
})

test('the host key is shown for a person to confirm, and another one is not spoken to', async () => {
  expect(await sftp.hostKey(peer.address)).toBe(peer.address.hostKey)
  const answer = await refusal(
    sftp.use({ ...peer.address, hostKey: 'SHA256:somebodyelse' }, (files) => files.write('/in/a', bytes('a'))),
  )
  expect(answer).toMatchObject({ kind: 'rejected', message: expect.stringContaining('host key') as string })
  expect(peer.log).toEqual([])
})

test('a refusal says whether later may be better, and nothing half-written carries the name', async () => {
  const write = (by = sftp) => refusal(by.use(peer.address, (files) => files.write('/in/a.csv', bytes('content'))))
  expect(await refusal(sftp.use({ ...peer.address, password: 'wrong' }, async () => {}))).toMatchObject({
    kind: 'rejected',
  })
  peer.faults.deniesWriting = true
  expect(await write()).toMatchObject({ kind: 'rejected' })
  peer.faults.deniesWriting = false
  peer.faults.isFull = true
  expect(await write()).toMatchObject({ kind: 'wait' })
  peer.faults.isFull = false
  peer.faults.dropsBeforeWriting = true
  expect(await write()).toMatchObject({ kind: 'wait' })
  peer.faults.dropsBeforeWriting = false
  peer.faults.isSilent = true
  expect(await write(impatient)).toMatchObject({ kind: 'wait' })
  expect(peer.files.has('/in/a.csv')).toBe(false)
  expect(await refusal(sftp.use({ ...peer.address, port: 1 }, async () => {}))).toMatchObject({ kind: 'wait' })
})

test('an address inside a private network is not reached, whatever name led to it', async () => {
  const careful = systemSftp({ mayReach: (address) => !address.startsWith('127.') && address !== '::1' })
  for (const host of ['127.0.0.1', 'localhost'])
    expect(await refusal(careful.use({ ...peer.address, host }, async () => {}))).toMatchObject({ kind: 'rejected' })
  expect(await refusal(careful.hostKey(peer.address))).toMatchObject({ kind: 'rejected' })
})
