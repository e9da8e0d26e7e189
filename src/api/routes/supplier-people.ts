import { invitationDays, invitePerson as invite } from '../../domain/people/invite-person.command.ts'
import {
  addSupplierKey as add,
  listSupplierKeys,
  revokeSupplierKey as revoke,
} from '../../domain/people/supplier-keys.store.ts'
import {
  listInvitations,
  listSupplierPeople,
  readSupplierName,
  removeSupplierPerson,
  withdrawInvitation as withdraw,
} from '../../domain/people/supplier-people.store.ts'
import { recordAudit } from '../../domain/channels/audit.store.ts'
import type { Mail } from '../../platform/mail.ts'
import type { Tx } from '../../platform/database.ts'
import type { Handler, Handlers } from '../handler.ts'
import { badFields, notFound } from '../refusals.ts'
import type { Session } from '../sign-in/session.ts'
import { hashToken } from '../sign-in/hashed-sessions.ts'
import { makeSupplierKey } from '../sign-in/supplier-key.ts'
import { isoOrNull } from './channel-answers.ts'
import type { RouteParts } from './route-parts.ts'

/** Who signs in for a supplier, and his programs' keys (G3). */
export function supplierPeopleRoutes({ parts, publicUrl }: RouteParts) {
  const { db, random } = parts
  const supplierPeople: Handler<'supplierPeople'> = ({ session, params }) =>
    db.read(session.tenantId, async (tx) => {
      await expectSupplier(tx, params.id)
      const people = await listSupplierPeople(tx, params.id)
      const invitations = await listInvitations(tx, params.id)
      return {
        people: people.map((person) => ({
          ...person,
          since: person.since.toISOString(),
          lastSeenAt: isoOrNull(person.lastSeenAt),
        })),
        invitations: invitations.map((invitation) => ({
          ...invitation,
          createdAt: invitation.createdAt.toISOString(),
          expiresAt: invitation.expiresAt.toISOString(),
        })),
        sendsMail: parts.mail.from !== null,
      }
    })

  const invitePerson: Handler<'invitePerson'> = async ({ session, params, body }) => {
    const token = random.bytes(32).toString('base64url')
    const invited = await invite(db, session.tenantId, {
      supplierId: params.id,
      email: body.email,
      tokenHash: hashToken(token),
      actor: session.name,
    })
    if (invited.kind === 'refused') throw inviteRefusals[invited.reason]()
    // Behind the #, which browsers send to nobody.
    const link = `${publicUrl.replace(/\/$/, '')}/invitation#${token}`
    return { link, mail: await sendLink(parts.mail, { ...invited, to: body.email, link }), days: invitationDays }
  }

  const ended = async (session: Session, action: string, end: (tx: Tx) => Promise<string | undefined>) =>
    db.tenant(session.tenantId).transaction(async (tx) => {
      const supplierId = await end(tx)
      if (supplierId === undefined) throw notFound()
      await recordAudit(tx, { actor: session.name, action, subject: supplierId })
      return {}
    })
  const removePerson: Handler<'removePerson'> = ({ session, params }) =>
    ended(session, 'remove-person', (tx) => removeSupplierPerson(tx, params.id))
  const withdrawInvitation: Handler<'withdrawInvitation'> = ({ session, params }) =>
    ended(session, 'withdraw-invitation', (tx) => withdraw(tx, params.id))
  const revokeSupplierKey: Handler<'revokeSupplierKey'> = ({ session, params }) =>
    ended(session, 'revoke-supplier-key', (tx) => revoke(tx, params.id))

  const supplierKeys: Handler<'supplierKeys'> = ({ session, params }) =>
    db.read(session.tenantId, async (tx) => {
      await expectSupplier(tx, params.id)
      return (await listSupplierKeys(tx, params.id)).map((key) => ({
        ...key,
        createdAt: key.createdAt.toISOString(),
        lastUsedAt: isoOrNull(key.lastUsedAt),
        revokedAt: isoOrNull(key.revokedAt),
      }))
    })

  const addSupplierKey: Handler<'addSupplierKey'> = async ({ session, params, body }) => {
    const { key, hint, keyHash } = makeSupplierKey(random)
    await db.tenant(session.tenantId).transaction(async (tx) => {
      await expectSupplier(tx, params.id)
      await add(tx, { supplierId: params.id, name: body.name, hint, keyHash, actor: session.name })
      await recordAudit(tx, { actor: session.name, action: 'add-supplier-key', subject: params.id })
    })
    return { key }
  }

  return {
    supplierPeople,
    invitePerson,
    removePerson,
    withdrawInvitation,
    supplierKeys,
    addSupplierKey,
    revokeSupplierKey,
  } satisfies Partial<Handlers>
}

const inviteRefusals = {
  'not-found': notFound,
  'member-already': () => badFields({ email: 'This person signs in at your business already.' }),
}

async function expectSupplier(tx: Tx, supplierId: string): Promise<void> {
  if ((await readSupplierName(tx, supplierId)) === undefined) throw notFound()
}

type Letter = { to: string; link: string; invitationId: string; supplierName: string; businessName: string }

/** Once; the link is shown as well, so a mail that does not arrive costs nothing but copying it. */
async function sendLink(mail: Mail, letter: Letter): Promise<'sent' | 'not-set-up' | 'failed'> {
  if (mail.from === null) return 'not-set-up'
  const { to, link, invitationId, supplierName, businessName } = letter
  const answer = await mail
    .send({
      to: [to],
      subject: `${businessName.replaceAll(/\s+/g, ' ')}: your purchase orders`,
      text: [
        `${businessName} invites you to sign in for ${supplierName}.`,
        'You will see what is ordered from you, and enter what you have dispatched.',
        `Choose a password here: ${link}`,
        `The link works once, within ${invitationDays} days.`,
      ].join('\n\n'),
      messageId: `invitation-${invitationId}@fairlead`,
      attachments: [],
    })
    .catch(() => ({ kind: 'unclear' as const }))
  return answer.kind === 'taken' ? 'sent' : 'failed'
}
