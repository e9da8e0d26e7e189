/** Who may do what. A right is asked by the route that needs it; what is not named here is not allowed. */
const rights = {
  owner: ['present', 'look', 'work', 'settings'],
  manager: ['present', 'look', 'work', 'settings'],
  operator: ['present', 'look', 'work'],
  viewer: ['present', 'look'],
  // Not one of the business: he sees what concerns him as its supplier, at his desk, and nothing else (G3).
  supplier: ['present', 'supply'],
} satisfies Record<string, Right[]>

/**
 * present: know who one is. look: read. work: dispatch, map, import, switch a channel. settings: connect and remove
 * accounts, invite people, change how things work. supply: a supplier's desk.
 */
export type Right = 'present' | 'look' | 'work' | 'settings' | 'supply'
export type Role = keyof typeof rights

export function mayDo(role: Role, right: Right): boolean {
  return (rights[role] as Right[]).includes(right)
}
