import type { Tx } from '../../platform/database.ts'

/** Who did what, for people to look up. No secrets and no buyer data in it. */
export async function recordAudit(
  tx: Tx,
  event: { actor: string; action: string; subject: string; data?: Record<string, unknown> },
): Promise<void> {
  await tx
    .insertInto('audit_events')
    .values({
      tenant_id: tx.tenantId,
      id: tx.ids.uuid(),
      actor: event.actor,
      action: event.action,
      subject: event.subject,
      data: JSON.stringify(event.data ?? {}),
    })
    .execute()
}
