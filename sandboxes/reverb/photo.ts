// A photo of a listing: a drawn stand-in, the same for the same listing, so that screens have something to show.
import type { Listing } from './state.ts'

export function drawPhoto(listing: Listing): string {
  const hue = (listing.id * 47) % 360
  const initials = listing.title
    .split(/\s+/)
    .slice(0, 2)
    .map((word) =>
      word
        .replaceAll(/[^\p{L}\p{N}]/gu, '')
        .charAt(0)
        .toUpperCase(),
    )
    .join('')
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 320" role="img">` +
    `<rect width="320" height="320" fill="hsl(${hue} 32% 88%)"/>` +
    `<circle cx="${90 + (listing.id % 9) * 18}" cy="210" r="92" fill="hsl(${(hue + 24) % 360} 38% 70%)"/>` +
    `<rect x="${60 + (listing.id % 7) * 20}" y="40" width="34" height="190" rx="17" fill="hsl(${hue} 30% 45%)" transform="rotate(24 160 160)"/>` +
    `<text x="24" y="296" font-family="sans-serif" font-size="44" font-weight="700" fill="hsl(${hue} 45% 26%)">${initials}</text></svg>`
  )
}
