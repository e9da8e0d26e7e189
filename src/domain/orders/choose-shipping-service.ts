/** Why a person's choice of a shipping service does not reach an order (C3). */
export type NotChosen = 'not-found' | 'over' | 'picked-up' | 'at-supplier'

export const notChosenTexts: Record<NotChosen, string> = {
  'not-found': 'This order does not exist, or no longer.',
  over: 'The order is over.',
  'picked-up': 'The buyer picks it up, so it needs no shipping service.',
  'at-supplier': 'A part of it is with a supplier already. Re-route that first.',
}
