/** "{brand} {title}" with the words of a product; a name nobody knows stands for nothing. */
export function fillPattern(pattern: string, words: Record<string, string>): string {
  return pattern
    .replaceAll(/\{([^{}]{1,60})\}/g, (_, name: string) => words[name.trim().toLowerCase()] ?? '')
    .replaceAll(/[ \t]{2,}/g, ' ')
    .trim()
}
