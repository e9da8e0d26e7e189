// Who signs in for a supplier, and the keys of his programs.
import { z } from 'zod'
import { byId, id, maybeTime, nothing, time, type Route } from './shapes.ts'

export const supplierPeople = z.object({
  people: z.array(z.object({ id, name: z.string(), email: z.string(), since: time, lastSeenAt: maybeTime })),
  invitations: z.array(
    z.object({ id, email: z.string(), invitedBy: z.string(), createdAt: time, expiresAt: time, expired: z.boolean() }),
  ),
  /** A mail server is set up, so that invitations go out by themselves. */
  sendsMail: z.boolean(),
})

export const supplierKey = z.object({
  id,
  name: z.string(),
  /** How the key begins. */
  hint: z.string(),
  createdBy: z.string(),
  createdAt: time,
  lastUsedAt: maybeTime,
  revokedAt: maybeTime,
})

export const supplierPeopleRoutes = {
  supplierPeople: {
    method: 'GET',
    path: '/api/suppliers/:id/people',
    summary: 'Who signs in for a supplier, and who is invited',
    params: byId,
    response: supplierPeople,
  },
  invitePerson: {
    method: 'POST',
    path: '/api/suppliers/:id/people',
    summary: 'Invite a person of a supplier',
    params: byId,
    body: z.object({ email: z.email().max(320) }),
    /** The link is shown this once. `mail`: whether it went out as well. */
    response: z.object({ link: z.string(), mail: z.enum(['sent', 'not-set-up', 'failed']), days: z.int() }),
  },
  removePerson: {
    method: 'DELETE',
    path: '/api/supplier-people/:id',
    summary: 'Remove a supplier’s person; his sessions end at once',
    params: byId,
    response: nothing,
  },
  withdrawInvitation: {
    method: 'DELETE',
    path: '/api/supplier-invitations/:id',
    summary: 'Withdraw an invitation',
    params: byId,
    response: nothing,
  },
  supplierKeys: {
    method: 'GET',
    path: '/api/suppliers/:id/keys',
    summary: 'Keys of a supplier’s programs',
    params: byId,
    response: z.array(supplierKey),
  },
  addSupplierKey: {
    method: 'POST',
    path: '/api/suppliers/:id/keys',
    summary: 'Make a key for a supplier’s programs',
    params: byId,
    body: z.object({ name: z.string().trim().min(1).max(80) }),
    /** Shown this once. */
    response: z.object({ key: z.string() }),
  },
  revokeSupplierKey: {
    method: 'DELETE',
    path: '/api/supplier-keys/:id',
    summary: 'Revoke a key',
    params: byId,
    response: nothing,
  },
} satisfies Record<string, Route>
