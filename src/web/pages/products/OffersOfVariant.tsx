// What suppliers offer of one variant; stock and cost can be entered by hand.
import { Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { Available } from './Available.tsx'
import { CostEdit, OnHandEdit } from './offer-edits.tsx'
import classes from './products.module.css'
import type { Variant } from './Variants.tsx'

export function OffersOfVariant({ variant }: { variant: Variant }) {
  const { business } = useMe()
  const { data: suppliers } = useQuery(ask('suppliers'))
  const currencyOf = (id: string) => suppliers?.find((supplier) => supplier.id === id)?.currency ?? business.currency
  if (variant.offers.length === 0) return <p className={classes.quiet}>{t('product.noOffers')}</p>
  return (
    <Table className="stacked" fz="sm" verticalSpacing={4} aria-label={`${t('product.offers')} ${variant.sku}`}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('offer.supplier')}</Table.Th>
          <Table.Th>{t('offer.supplierSku')}</Table.Th>
          <Table.Th ta="right">{t('offer.cost')}</Table.Th>
          <Table.Th ta="right">{t('offer.onHand')}</Table.Th>
          <Table.Th ta="right">{t('offer.reserved')}</Table.Th>
          <Table.Th ta="right">{t('offer.available')}</Table.Th>
          <Table.Th ta="right">{t('offer.age')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {variant.offers.map((offer) => (
          <Table.Tr key={offer.id}>
            <Table.Td>
              <AnchorLink to="/suppliers/$id" params={{ id: offer.supplierId }} size="sm">
                {offer.supplierName}
              </AnchorLink>
            </Table.Td>
            <Table.Td className="code" data-label={t('offer.supplierSku')}>
              {offer.supplierSku}
            </Table.Td>
            <Table.Td ta="right" data-label={t('offer.cost')}>
              <CostEdit offer={offer} currency={currencyOf(offer.supplierId)} />
            </Table.Td>
            <Table.Td ta="right" data-label={t('offer.onHand')}>
              <OnHandEdit offer={offer} />
            </Table.Td>
            <Table.Td ta="right" className="figure" data-label={t('offer.reserved')}>
              {countLabel(offer.reserved)}
            </Table.Td>
            <Table.Td ta="right" data-label={t('offer.available')}>
              <Available count={offer.available} />
            </Table.Td>
            <Table.Td ta="right" data-label={t('offer.age')}>
              <RelativeTime at={offer.onHandAt} never={t('offer.never')} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
