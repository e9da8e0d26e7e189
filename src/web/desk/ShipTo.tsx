// Where it goes: name, address and the telephone carriers ask for. Of the buyer there is nothing else.
import { Group, Title } from '@mantine/core'
import { t } from '../i18n.ts'
import { CopyText } from '../pages/orders/OrderHeader.tsx'
import type { DeskOrder } from './desk-look.ts'
import classes from './desk.module.css'

export function ShipTo({ order }: { order: DeskOrder }) {
  const lines = addressLines(order)
  return (
    <section className={`panel ${classes.panel}`} aria-label={t('desk.order.shipTo')}>
      <Group justify="space-between" align="start">
        <Title order={2}>{t('desk.order.shipTo')}</Title>
        {lines.length > 0 && <CopyText text={lines.join('\n')} label={t('desk.order.copyAddress')} />}
      </Group>
      {lines.length === 0 ? (
        <span className={classes.quiet}>{whyNone(order)}</span>
      ) : (
        <address className={classes.address}>
          {lines.map((line) => (
            <div key={line}>{line}</div>
          ))}
          {order.shipTo?.phone && (
            <div className={classes.quiet}>
              {t('desk.order.phone')} {order.shipTo.phone}
            </div>
          )}
        </address>
      )}
    </section>
  )
}

export function addressLines({ shipTo }: DeskOrder): string[] {
  if (!shipTo) return []
  const { name, street, extended, city, region, postalCode, countryCode } = shipTo
  return [name, street, extended, `${postalCode} ${city}`.trim(), region, countryCode].filter((line) => line !== '')
}

function whyNone(order: DeskOrder): string {
  if (order.state === 'cancelled') return t('desk.order.cancelledNoAddress')
  return order.pickup ? t('desk.order.pickup') : t('desk.order.noAddress')
}
