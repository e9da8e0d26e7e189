// Barcodes: GTIN-8, UPC-A, EAN-13 and GTIN-14, whose last digit proves the others.

/** The digits of a valid GTIN, or undefined. Spaces, hyphens and a spreadsheet's leading apostrophe are taken away. */
export function readGtin(text: string): string | undefined {
  const digits = text.trim().replace(/^'/, '').replace(/[\s-]/g, '')
  return /^(\d{8}|\d{12,14})$/.test(digits) && hasRightCheckDigit(digits) ? digits : undefined
}

/** From the right, digits count three times and once by turns; with the check digit the sum is a multiple of ten. */
function hasRightCheckDigit(digits: string): boolean {
  const sum = digits
    .split('')
    .toReversed()
    .reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0)
  return sum % 10 === 0
}
