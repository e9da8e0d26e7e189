// One product: its pictures and words, its variants with prices, what suppliers offer, and where it is listed (G1).
import { Badge, Skeleton, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { Gallery } from './Gallery.tsx'
import classes from './products.module.css'
import { Variants } from './Variants.tsx'

export type Product = Answer<'product'>

export function ProductPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const { data, error, refetch } = useQuery(ask('product', { params: { id } }))
  const above = (
    <AnchorLink to="/products" size="sm">
      {t('products.title')}
    </AnchorLink>
  )
  if (data)
    return (
      <>
        <PageHeader title={data.title} above={above} />
        <Content key={id} product={data} />
      </>
    )
  return (
    <>
      <PageHeader title={t('product.facts')} above={above} />
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

function Content({ product }: { product: Product }) {
  return (
    <div className={classes.page}>
      <div className={classes.main}>
        <Variants product={product} />
        <section className={`panel ${classes.block}`} aria-label={t('product.description')}>
          <Title order={2} mb={8}>
            {t('product.description')}
          </Title>
          {product.description.trim() === '' ? (
            <p className={classes.quiet}>{t('product.noDescription')}</p>
          ) : (
            // The hub keeps only paragraphs, lists and emphasis, without any attribute (safe-html.ts), when it stores it.
            <div className={classes.description} dangerouslySetInnerHTML={{ __html: product.description }} />
          )}
        </section>
      </div>
      <aside className={classes.main} aria-label={t('product.facts')}>
        <Gallery images={product.images} title={product.title} />
        <section className={`panel ${classes.block}`} aria-label={t('product.facts')}>
          <dl className={classes.facts}>
            <dt>{t('product.brand')}</dt>
            <dd>{product.brand ?? t('common.none')}</dd>
            <dt>{t('product.type')}</dt>
            <dd>{product.productType ?? t('common.none')}</dd>
            <dt>{t('product.handle')}</dt>
            <dd className="code">{product.handle}</dd>
            <dt>{t('product.tags')}</dt>
            <dd className={classes.tags}>
              {product.tags.length === 0 && t('common.none')}
              {product.tags.map((tag) => (
                <Badge key={tag} variant="default" size="sm" radius="sm" tt="none" fw={450}>
                  {tag}
                </Badge>
              ))}
            </dd>
          </dl>
        </section>
      </aside>
    </div>
  )
}
