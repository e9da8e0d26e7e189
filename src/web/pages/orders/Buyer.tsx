// Who bought it and where it goes; the address can be copied as it stands on a parcel.
import { Anchor } from '@mantine/core'
import { t } from '../../i18n.ts'
import { countryName } from '../../parts/countries.tsx'
import { CopyText } from './OrderHeader.tsx'
import type { Order } from './OrderPage.tsx'
import classes from './order.module.css'
import { Panel } from './Panel.tsx'

export function Buyer({ order: { buyer, shipTo } }: { order: Order }) {
  const lines = shipTo ? addressLines(shipTo) : []
  return (
    <Panel
      title={t('order.shipTo')}
      note={shipTo && <CopyText text={lines.join('\n')} label={t('order.copyAddress')} />}
    >
      {shipTo ? (
        <address className={classes.address}>
          {lines.map((line, index) => (
            <span key={index}>{line}</span>
          ))}
          {shipTo.phone !== '' && <span className={classes.quiet}>{shipTo.phone}</span>}
        </address>
      ) : (
        <p className={classes.nothing}>{t('order.noAddress')}</p>
      )}
      {buyer ? (
        <div className={classes.buyer}>
          <span className={classes.quiet}>{t('order.buyer')}</span> {buyer.name}
          {buyer.email && (
            <Anchor href={`mailto:${buyer.email}`} size="sm">
              {buyer.email}
            </Anchor>
          )}
          {buyer.phone && buyer.phone !== shipTo?.phone && <span>{buyer.phone}</span>}
        </div>
      ) : (
        <p className={classes.nothing}>{t('order.noBuyer')}</p>
      )}
    </Panel>
  )
}

export function addressLines(address: NonNullable<Order['shipTo']>): string[] {
  const { name, street, extended, city, region, postalCode, countryCode } = address
  return [
    name,
    street,
    extended,
    [city, region, postalCode].filter(Boolean).join(', '),
    countryName(countryCode),
  ].filter((line) => line.trim() !== '')
}
