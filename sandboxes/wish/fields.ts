// Partial answers: `id,state,product_information/sku,full_address(shipping_detail)` and `*`, without the `data` level.

type Mask = { [name: string]: Mask | true }

/** Undefined when the text cannot be read. */
export function readFields(text: string): Mask | undefined {
  const reader = { rest: text.replaceAll(/\s/g, '') }
  const mask = readMask(reader)
  return mask && reader.rest === '' ? mask : undefined
}

export function pickFields(value: unknown, mask: Mask | true): unknown {
  if (mask === true) return value
  if (Array.isArray(value)) return value.map((one) => pickFields(one, mask))
  if (typeof value !== 'object' || value === null) return value
  const picked: Record<string, unknown> = {}
  for (const [name, one] of Object.entries(value)) {
    const inner = Object.hasOwn(mask, name) ? mask[name] : mask['*']
    if (inner !== undefined) picked[name] = pickFields(one, inner)
  }
  return picked
}

function readMask(reader: { rest: string }): Mask | undefined {
  const mask: Mask = {}
  for (;;) {
    const [name] = /^[\w*]+/.exec(reader.rest) ?? []
    if (name === undefined) return undefined
    reader.rest = reader.rest.slice(name.length)
    const inner = readInner(reader)
    if (inner === undefined) return undefined
    const known = Object.hasOwn(mask, name) ? mask[name] : undefined
    const isBoth = typeof known === 'object' && typeof inner === 'object'
    Object.defineProperty(mask, name, {
      value: isBoth ? { ...known, ...inner } : inner,
      enumerable: true,
      configurable: true,
      writable: true,
    })
    if (!reader.rest.startsWith(',')) return mask
    reader.rest = reader.rest.slice(1)
  }
}

function readInner(reader: { rest: string }): Mask | true | undefined {
  if (reader.rest.startsWith('/')) {
    const [whole, name = ''] = /^\/([\w*]+)/.exec(reader.rest) ?? []
    if (whole === undefined) return undefined
    reader.rest = reader.rest.slice(whole.length)
    const inner = readInner(reader)
    return inner && { [name]: inner }
  }
  if (!reader.rest.startsWith('(')) return true
  reader.rest = reader.rest.slice(1)
  const inner = readMask(reader)
  if (!inner || !reader.rest.startsWith(')')) return undefined
  reader.rest = reader.rest.slice(1)
  return inner
}
