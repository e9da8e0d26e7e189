// A certificate for 127.0.0.1, made anew for each run: whoever is to trust it gets it by NODE_EXTRA_CA_CERTS.
import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export type LoopbackCertificate = { key: string; certificate: string }

const day = 86_400_000

export function makeLoopbackCertificate(): LoopbackCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const now = Date.now()
  // RFC 5280: version 3, and the address as subjectAltName, which is all that anybody looks at.
  const body = sequence(
    element(0xa0, element(0x02, Buffer.from([2]))),
    element(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaWithSha256,
    name,
    sequence(utcTime(now - day), utcTime(now + day)),
    name,
    publicKey,
    element(
      0xa3,
      sequence(sequence(oid('551d11'), element(0x04, sequence(element(0x87, Buffer.from([127, 0, 0, 1])))))),
    ),
  )
  const signature = sign('sha256', body, createPrivateKey(privateKey))
  const der = sequence(body, ecdsaWithSha256, element(0x03, Buffer.concat([Buffer.from([0]), signature])))
  const lines = der.toString('base64').replaceAll(/.{64}/g, '$&\n')
  return { key: privateKey, certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n` }
}

function element(tag: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}

function sequence(...parts: Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts))
}

function oid(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, 'hex'))
}

function utcTime(at: number): Buffer {
  const digits = new Date(at).toISOString().replaceAll(/[^\d]/g, '').slice(2, 14)
  return element(0x17, Buffer.from(`${digits}Z`))
}

const ecdsaWithSha256 = sequence(oid('2a8648ce3d040302'))
const commonName = sequence(oid('550403'), element(0x0c, Buffer.from('loopback')))
const name = sequence(element(0x31, commonName))
