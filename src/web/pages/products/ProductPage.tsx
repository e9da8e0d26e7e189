// One product as it is edited (G1): what it is, its pictures, its variants with what suppliers offer, and where it is listed.
import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { ProductEditor } from './ProductEditor.tsx'
import classes from './products.module.css'

export type Product = Answer<'product'>

export function ProductPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  return id === 'new' ? (
    <ProductEditor key="new" product={undefined} known={undefined} />
  ) : (
    <Existing key={id} id={id} />
  )
}

function Existing({ id }: { id: string }) {
  const { data, error, refetch } = useQuery(ask('editedProduct', { params: { id } }))
  const { data: known } = useQuery(ask('product', { params: { id } }))
  // Loaded anew, the fields begin anew; while somebody types, another version does not take it away.
  if (data) return <ProductEditor product={data} known={known} />
  return (
    <>
      <PageHeader
        title={t('product.facts')}
        above={
          <AnchorLink to="/products" size="sm">
            {t('products.title')}
          </AnchorLink>
        }
      />
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <div className={classes.page} aria-busy="true">
          <div className={classes.main}>
            <Skeleton height={260} radius="lg" />
            <Skeleton height={180} radius="lg" />
          </div>
          <Skeleton height={420} radius="lg" />
        </div>
      )}
    </>
  )
}
