// The variants with their prices; each opens to what suppliers offer and where it is listed.
import { ActionIcon, Title } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../i18n.ts'
import { IconChevronRight } from '../../icons.ts'
import { Available } from './Available.tsx'
import { ListedAt } from './ListedAt.tsx'
import { OffersOfVariant } from './OffersOfVariant.tsx'
import { PriceEdit } from './PriceEdit.tsx'
import type { Product } from './ProductPage.tsx'
import classes from './products.module.css'

export type Variant = Product['variants'][number]

/** So few that there is room for all of them at once. */
const openFromStart = 2

export function Variants({ product }: { product: Product }) {
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(product.variants.length <= openFromStart ? product.variants.map((variant) => variant.id) : []),
  )
  const toggle = (id: string) => {
    const next = new Set(open)
    if (!next.delete(id)) next.add(id)
    setOpen(next)
  }
  return (
    <section className={`panel ${classes.block}`} aria-label={t('product.variants')}>
      <Title order={2} mb={8}>
        {t('product.variants')}
      </Title>
      <div className={classes.variantHead} aria-hidden="true">
        <span />
        <span>{t('product.variant')}</span>
        <span>{t('product.barcode')}</span>
        <span>{t('products.columns.available')}</span>
        <span>{t('product.price')}</span>
      </div>
      <ul className={classes.variants}>
        {product.variants.map((variant) => (
          <VariantRow
            key={variant.id}
            variant={variant}
            isOpen={open.has(variant.id)}
            onToggle={() => toggle(variant.id)}
          />
        ))}
      </ul>
    </section>
  )
}

function VariantRow({ variant, isOpen, onToggle }: { variant: Variant; isOpen: boolean; onToggle: () => void }) {
  return (
    <li className={classes.variant}>
      <div className={classes.variantRow}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-expanded={isOpen}
          aria-label={t('product.details', { sku: variant.sku })}
          onClick={onToggle}
        >
          <IconChevronRight size={16} className={classes.chevron} data-open={isOpen || undefined} />
        </ActionIcon>
        <span className={classes.variantName}>
          <span>{variant.title === '' ? t('product.onlyVariant') : variant.title}</span>
          <span className={`code ${classes.quiet}`}>{variant.sku}</span>
        </span>
        <span className={variant.barcode ? 'code' : classes.quiet}>{variant.barcode ?? t('product.noBarcode')}</span>
        <span className={classes.right} data-label={t('products.columns.available')}>
          <Available count={variant.available} />
        </span>
        <span className={classes.right} data-label={t('product.price')}>
          <PriceEdit variant={variant} />
        </span>
      </div>
      {isOpen && (
        <div className={classes.variantBody}>
          <OffersOfVariant variant={variant} />
          <ListedAt variant={variant} />
        </div>
      )}
    </li>
  )
}
