// All products of the seller (G1): found, filtered, changed many at once, and taken out and in as files.
import { Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { href } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconBox, IconChevronDown, IconDownload, IconFileImport, IconFilter, IconPlus } from '../../icons.ts'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { usePages } from '../../parts/table-source.ts'
import { ImportDialog } from '../files/ImportDialog.tsx'
import { RunningImports } from '../files/RunningImports.tsx'
import { BulkEditDialog } from './BulkEditDialog.tsx'
import { LatestEdits } from './LatestEdits.tsx'
import { productColumns } from './product-columns.tsx'
import { ProductFilters } from './ProductFilters.tsx'
import { useProductFilters, type ProductQuery } from './use-product-filters.ts'

const columns = productColumns()

export function ProductsPage() {
  const router = useRouter()
  const { query, onChange, isFiltered, clear } = useProductFilters()
  const [importing, { open, close }] = useDisclosure()
  const [editing, edits] = useDisclosure()
  const [latest, latestEdits] = useDisclosure()
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const [everything, setEverything] = useState(false)
  const source = usePages('myProducts', { query })
  const count = source.count
  const choose = (next: ReadonlySet<string>) => {
    setChosen(next)
    setEverything(false)
  }
  const add = () => void router.navigate({ to: '/products/$id', params: { id: 'new' } })
  const isMore = !everything && count !== undefined && (count.more || count.value > chosen.size)
  const importButton = (
    <Button variant="default" leftSection={<IconFileImport size={16} aria-hidden="true" />} onClick={open}>
      {t('products.import')}
    </Button>
  )
  return (
    <div className="page-fill">
      <PageHeader
        title={t('products.title')}
        actions={
          <>
            <FilesMenu query={query} onImport={open} onLatest={latestEdits.open} />
            <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={add}>
              {t('myProducts.add')}
            </Button>
          </>
        }
        below={<ProductFilters query={query} onChange={onChange} onClear={isFiltered ? clear : undefined} />}
      />
      <RunningImports query={{ kind: 'shopify-products' }} />
      <DataTable
        label={t('products.title')}
        source={source}
        rowKey={(row) => row.id}
        rowName={(row) => row.title}
        onOpen={(row) => void router.navigate({ to: '/products/$id', params: { id: row.id } })}
        rowHeight={44}
        selection={{
          chosen,
          onChange: choose,
          said: everything && count ? t('myProducts.everythingChosen', { shown: countLabel(count) }) : undefined,
        }}
        bulk={
          <>
            {isMore && (
              <Button size="compact-sm" variant="subtle" onClick={() => setEverything(true)}>
                {t('myProducts.everything', { shown: countLabel(count) })}
              </Button>
            )}
            <Button size="compact-sm" variant="default" onClick={edits.open}>
              {t('bulkEdit.button')}
            </Button>
          </>
        }
        empty={
          isFiltered ? (
            <EmptyState icon={IconFilter} title={t('table.nothingFound')} text={t('table.nothingFoundNext')}>
              <Button variant="default" onClick={clear}>
                {t('common.clear')}
              </Button>
            </EmptyState>
          ) : (
            <EmptyState icon={IconBox} title={t('products.empty')} text={t('products.emptyNext')}>
              {importButton}
            </EmptyState>
          )
        }
        columns={columns}
      />
      <ImportDialog kind="shopify-products" opened={importing} onClose={close} />
      {editing && (
        <BulkEditDialog
          of={everything ? { filter: query } : { productIds: [...chosen] }}
          onClose={edits.close}
          onDone={() => choose(new Set())}
        />
      )}
      {latest && <LatestEdits onClose={latestEdits.close} />}
    </div>
  )
}

function FilesMenu(props: { query: ProductQuery; onImport: () => void; onLatest: () => void }) {
  const exported = (layout: 'fairlead' | 'shopify') => href('myProductsCsv', { query: { ...props.query, layout } })
  const icon = <IconDownload size={15} aria-hidden="true" />
  return (
    <Menu position="bottom-end" width={320}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden="true" />}>
          {t('myProducts.files')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconFileImport size={15} aria-hidden="true" />} onClick={props.onImport}>
          {t('products.import')}
        </Menu.Item>
        <Menu.Item component="a" href={exported('fairlead')} download leftSection={icon}>
          {t('myProducts.exportOurs')}
          <Why text={t('myProducts.exportOursWhy')} />
        </Menu.Item>
        <Menu.Item component="a" href={exported('shopify')} download leftSection={icon}>
          {t('myProducts.exportShopify')}
          <Why text={t('myProducts.exportShopifyWhy')} />
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={props.onLatest}>{t('myProducts.latest')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

function Why({ text }: { text: string }) {
  return <span style={{ display: 'block', fontSize: 12, color: 'var(--mantine-color-dimmed)' }}>{text}</span>
}
