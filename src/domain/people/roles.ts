/** Who may do what. A right is asked by the route that needs it; what is not named here is not allowed. */
const rights = {
  owner: ['look', 'work', 'settings'],
  manager: ['look', 'work', 'settings'],
  operator: ['look', 'work'],
  viewer: ['look'],
} satisfies Record<string, Right[]>

/** look: read. work: dispatch, map, import, switch a channel. settings: connect and remove accounts, change how things work. */
export type Right = 'look' | 'work' | 'settings'
export type Role = keyof typeof rights

export function mayDo(role: Role, right: Right): boolean {
  return (rights[role] as Right[]).includes(right)
}
