// One row for each chosen product, its variations below it; what is wrong shows where it can be mended.
import { Button, Group, Menu, Skeleton, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useState } from 'react'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconChevronDown } from '../../icons.ts'
import { tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { ProductRow } from './ProductRow.tsx'
import type { Attribute, Limits, Wizard } from './use-wizard.ts'
import { faultsOf } from './use-wizard.ts'
import classes from './wizard.module.css'

type Props = {
  wizard: Wizard
  attributes: Attribute[]
  limits: Limits | undefined
  currency: string
  /** Products whose variations show. */
  open: { has: (productId: string) => boolean }
  onToggle: (productId: string) => void
  onEdit: (productId: string) => void
}

export function ProductsPart({ wizard, attributes, limits, currency, open, onToggle, onEdit }: Props) {
  const { shownIds, products, productIds } = wizard
  const rest = productIds.length - shownIds.length
  const total = 'productIds' in wizard.chosen ? productIds.length : (wizard.check.data?.products ?? 0)
  const beyond = Math.max(0, total - productIds.length)
  return (
    <section className={`panel ${classes.part}`} aria-labelledby="part-products">
      <Group justify="space-between" gap="sm">
        <h2 id="part-products" tabIndex={-1} className={classes.heading}>
          {t('wizard.products.title')}
        </h2>
        <ForAll wizard={wizard} />
      </Group>
      <div className={classes.table} role="table" aria-labelledby="part-products">
        <div role="rowgroup" className={classes.head}>
          <div role="row" className={classes.row}>
            <span role="columnheader">{t('wizard.products.head.product')}</span>
            <span role="columnheader">{t('wizard.products.head.title')}</span>
            <span role="columnheader" className={classes.right}>
              {t('wizard.products.head.price')}
            </span>
            <span role="columnheader" className={classes.right}>
              {t('wizard.products.head.stock')}
            </span>
            <span role="columnheader">{t('wizard.products.head.check')}</span>
          </div>
        </div>
        {productIds.length === 0 && wizard.check.isPending && <Waiting />}
        {shownIds.map((productId, at) => {
          const query = products[at]
          if (query?.data)
            return (
              <ProductRow
                key={productId}
                product={query.data}
                attributes={attributes}
                limits={query.data.limits ?? limits}
                currency={currency}
                faults={faultsOf(wizard.check.data, productId)}
                isOpen={open.has(productId)}
                onToggle={() => onToggle(productId)}
                onEdit={() => onEdit(productId)}
                say={(said) => void wizard.say(said, productId)}
              />
            )
          if (query?.error)
            return (
              <Whole key={productId}>
                <ErrorState
                  error={query.error}
                  title={t('wizard.products.notLoaded')}
                  onRetry={() => void query.refetch()}
                />
              </Whole>
            )
          return <Waiting key={productId} />
        })}
      </div>
      {rest > 0 && (
        <Button variant="subtle" size="xs" className={classes.more} onClick={wizard.showMore}>
          {t('wizard.products.more', { count: rest })}
        </Button>
      )}
      {beyond > 0 && (
        <Text size="xs" c="dimmed">
          {t('wizard.products.beyond', { count: beyond, shown: countLabel(beyond) })}
        </Text>
      )}
    </section>
  )
}

function Waiting() {
  return (
    <Whole>
      <Skeleton h={34} my={9} />
    </Whole>
  )
}

function Whole({ children }: { children: ReactNode }) {
  return (
    <div role="rowgroup" className={classes.product}>
      <div role="row">
        <div role="cell">{children}</div>
      </div>
    </div>
  )
}

function ForAll({ wizard }: { wizard: Wizard }) {
  const [isBusy, setBusy] = useState(false)
  const say = async (allVariants: { included: boolean } | { priceIncVat: null }, done: string) => {
    setBusy(true)
    if (await wizard.say({ allVariants })) tell(done)
    setBusy(false)
  }
  return (
    <Menu width={240}>
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          loading={isBusy}
          rightSection={<IconChevronDown size={14} aria-hidden="true" />}
        >
          {t('wizard.products.actions')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void say({ priceIncVat: null }, t('wizard.products.autoAllDone'))}>
          {t('wizard.products.autoAll')}
        </Menu.Item>
        <Menu.Item onClick={() => void say({ included: true }, t('wizard.products.includeAllDone'))}>
          {t('wizard.products.includeAll')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
