// Signing in and out, the first owner, and who is signed in. These addresses are not in the contract's table.
import { useSuspenseQuery } from '@tanstack/react-query'
import { ask, send } from './api.ts'

export async function isSetupNeeded(): Promise<boolean> {
  const answer = (await send('GET', '/auth/setup')) as { needed?: boolean }
  return answer.needed === true
}

export type FirstOwner = { token: string; businessName: string; name: string; email: string; password: string }

export async function setUp(owner: FirstOwner): Promise<void> {
  await send('POST', '/auth/setup', owner)
}

export type Invitation = { email: string; businessName: string; supplierName: string }

export async function lookAtInvitation(token: string): Promise<Invitation> {
  return (await send('POST', '/auth/invitation/look', { token })) as Invitation
}

export async function acceptInvitation(given: { token: string; name: string; password: string }): Promise<void> {
  await send('POST', '/auth/invitation', given)
}

export async function signIn(email: string, password: string): Promise<void> {
  await send('POST', '/auth/sign-in/email', { email, password, rememberMe: true })
}

/** Everywhere else he is signed out. */
export async function changePassword(given: { current: string; next: string }): Promise<void> {
  await send('POST', '/auth/password', given)
}

export async function signOut(): Promise<void> {
  await send('POST', '/auth/sign-out', {})
}

export const askMe = { ...ask('me'), staleTime: Infinity }

/** Who is signed in; loaded before any screen that uses it. */
export function useMe() {
  return useSuspenseQuery(askMe).data
}
