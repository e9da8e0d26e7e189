// Money goes over the wire as decimal text.

export function amount(minor: number): string {
  return (minor / 100).toFixed(2)
}

/** Undefined: not an amount the marketplace takes. */
export function minorOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{1,9}(\.\d{1,2})?$/.test(value)) return undefined
  return Math.round(Number(value) * 100)
}
