// One product and its variants.
import { Skeleton, Table } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'

export function ProductPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, refetch } = useQuery(ask('product', { params: { id } }))
  if (!data)
    return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Skeleton height={120} m="lg" />
  return (
    <>
      <PageHeader title={data.title} above={<AnchorLink to="/products">{t('products.title')}</AnchorLink>} />
      <div className="page-body">
        <Table>
          <Table.Tbody>
            {data.variants.map((variant) => (
              <Table.Tr key={variant.id}>
                <Table.Td>{variant.sku}</Table.Td>
                <Table.Td>{variant.title}</Table.Td>
                <Table.Td ta="right">{variant.available ?? t('common.unknown')}</Table.Td>
                <Table.Td ta="right">
                  <MoneyText money={variant.priceIncVat} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </>
  )
}
