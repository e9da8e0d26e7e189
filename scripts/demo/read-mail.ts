// As much of a mail as the demo's mailbox shows: whom it is for, its text, its attachments.

export type ReadMail = {
  to: string
  subject: string
  text: string
  attachments: { name: string; type: string; content: Buffer }[]
}

type Part = { headers: Map<string, string>; body: string }

export function readMail({ to, raw }: { to: string[]; raw: string }): ReadMail {
  const whole = partOf(raw)
  const parts = partsOf(whole)
  const text = parts.find((part) => nameOf(part) === undefined)
  return {
    to: to.join(', '),
    subject: whole.headers.get('subject') ?? '',
    text: text ? contentOf(text).toString('utf8').trim() : '',
    attachments: parts.flatMap((part) => {
      const name = nameOf(part)
      const type = part.headers.get('content-type')?.split(';')[0] ?? 'application/octet-stream'
      return name === undefined ? [] : [{ name, type, content: contentOf(part) }]
    }),
  }
}

function partOf(raw: string): Part {
  const at = raw.indexOf('\r\n\r\n')
  const head = raw.slice(0, at).replaceAll(/\r\n[ \t]+/g, ' ')
  const headers = head.split('\r\n').map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { headers: new Map(headers), body: raw.slice(at + 4) }
}

function partsOf(part: Part): Part[] {
  const boundary = /boundary="?([^";]+)"?/.exec(part.headers.get('content-type') ?? '')?.[1]
  if (boundary === undefined) return [part]
  return part.body
    .split(`--${boundary}`)
    .slice(1, -1)
    .flatMap((each) => partsOf(partOf(each.replace(/^\r\n/, ''))))
}

function nameOf({ headers }: Part): string | undefined {
  return /filename="?([^";]+)"?/.exec(headers.get('content-disposition') ?? '')?.[1]
}

function contentOf({ headers, body }: Part): Buffer {
  const encoding = headers.get('content-transfer-encoding')
  if (encoding === 'base64') return Buffer.from(body, 'base64')
  if (encoding !== 'quoted-printable') return Buffer.from(body)
  const bytes = body
    .replaceAll(/=\r\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
  return Buffer.from(bytes, 'latin1')
}
