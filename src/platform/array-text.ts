/** Arrays of rows travel as arrays, which must be square: an array within each row travels as its text and is cast. */
export function arrayText(values: string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`
}
