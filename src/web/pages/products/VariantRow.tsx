// One variant as it is edited.
import { ActionIcon, Badge, Button, Group, Select, TextInput, Tooltip } from '@mantine/core'
import type { ReactNode } from 'react'
import { readGtin } from '../../../domain/catalog/gtin.ts'
import { useMe } from '../../auth.ts'
import { t } from '../../i18n.ts'
import { IconArchive, IconChevronRight, IconTrash } from '../../icons.ts'
import { Available } from './Available.tsx'
import { OffersOfVariant } from './OffersOfVariant.tsx'
import type { VariantForm } from './product-form.ts'
import classes from './products.module.css'
import type { Editing } from './use-product.ts'
import type { Variant } from './Variants.tsx'

type Props = {
  variant: VariantForm
  at: number
  editing: Editing
  known: Variant | undefined
  isOpen: boolean
  onToggle: () => void
  onSet: (part: Partial<VariantForm>) => void
  onRemove: () => void
}

export function VariantRow(props: Props) {
  const { variant, at, editing, known, isOpen, onToggle, onSet } = props
  const { currency } = useMe().business
  const { form, faults } = editing
  const sku = variant.sku.trim() || t('productEditor.variant.new')
  const fault = (field: string) => faults[`variants.${at}.${field}`]
  const named = (field: string) => t('productEditor.variant.of', { field, sku })
  return (
    <li className={classes.variant} data-archived={variant.archived || undefined}>
      <div className={classes.editRow}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-expanded={isOpen}
          aria-label={t('productEditor.variant.details', { sku })}
          onClick={onToggle}
        >
          <IconChevronRight size={16} className={classes.chevron} data-open={isOpen || undefined} />
        </ActionIcon>
        <div className={classes.editFields}>
          {form.optionNames.map((name, option) => (
            <TextInput
              // oxlint-disable-next-line react/no-array-index-key -- an option is known by its place
              key={option}
              size="xs"
              label={name || t('productEditor.options.name', { number: option + 1 })}
              aria-label={named(name)}
              value={variant.optionValues[option] ?? ''}
              error={fault(`optionValues.${option}`)}
              onChange={(event) =>
                onSet({ optionValues: variant.optionValues.with(option, event.currentTarget.value) })
              }
            />
          ))}
          <TextInput
            size="xs"
            label={t('productEditor.variant.sku')}
            aria-label={named(t('productEditor.variant.sku'))}
            classNames={{ input: 'code' }}
            value={variant.sku}
            error={fault('sku')}
            onChange={(event) => onSet({ sku: event.currentTarget.value })}
          />
          <TextInput
            size="xs"
            label={`${t('product.price')} (${currency})`}
            aria-label={named(t('product.price'))}
            inputMode="decimal"
            styles={{ input: { textAlign: 'right' } }}
            value={variant.price}
            error={fault('priceIncVat')}
            onChange={(event) => onSet({ price: event.currentTarget.value })}
          />
          {known && (
            <div className={classes.availableField}>
              <span>{t('products.columns.available')}</span>
              <Available count={known.available} />
            </div>
          )}
        </div>
        {variant.archived && (
          <Badge variant="default" size="sm" radius="sm">
            {t('productEditor.variant.archived')}
          </Badge>
        )}
      </div>
      {isOpen && (
        <div className={classes.variantBody}>
          <Details {...props} named={named} fault={fault} />
          {known && <OffersOfVariant variant={known} />}
          <Endings {...props} sku={sku} />
        </div>
      )}
    </li>
  )
}

type DetailProps = Props & { named: (field: string) => string; fault: (field: string) => string | undefined }

function Details({ variant, editing, onSet, named, fault }: DetailProps) {
  const isWrongBarcode = variant.barcode.trim() !== '' && readGtin(variant.barcode) === undefined
  const figure = (field: 'vat' | 'weight' | 'length' | 'width' | 'height', at: string, help?: string) => (
    <TextInput
      size="xs"
      label={t(`productEditor.variant.${field}`)}
      aria-label={named(t(`productEditor.variant.${field}`))}
      placeholder={help}
      inputMode="decimal"
      value={variant[field]}
      error={fault(at)}
      onChange={(event) => onSet({ [field]: event.currentTarget.value })}
    />
  )
  const pictures = editing.form.images.map(({ url, alt }, at) => ({
    value: url,
    label: alt || t('productEditor.variant.pictureOf', { number: at + 1 }),
  }))
  const isElsewhere = variant.imageUrl !== null && !pictures.some(({ value }) => value === variant.imageUrl)
  return (
    <div className={classes.details}>
      <TextInput
        size="xs"
        label={t('productEditor.variant.barcode')}
        aria-label={named(t('productEditor.variant.barcode'))}
        placeholder={t('productEditor.variant.barcodeHelp')}
        classNames={{ input: 'code' }}
        value={variant.barcode}
        error={fault('barcode') ?? (isWrongBarcode ? t('productEditor.variant.barcodeWrong') : undefined)}
        onChange={(event) => onSet({ barcode: event.currentTarget.value })}
      />
      {figure('vat', 'vatRateBasisPoints', t('productEditor.variant.vatHelp'))}
      {figure('weight', 'weightGrams')}
      {figure('length', 'lengthMm')}
      {figure('width', 'widthMm')}
      {figure('height', 'heightMm')}
      <Select
        size="xs"
        label={t('productEditor.variant.picture')}
        aria-label={named(t('productEditor.variant.picture'))}
        placeholder={t('productEditor.variant.noPicture')}
        data={
          isElsewhere && variant.imageUrl !== null
            ? [...pictures, { value: variant.imageUrl, label: variant.imageUrl }]
            : pictures
        }
        value={variant.imageUrl}
        error={fault('imageUrl')}
        onChange={(imageUrl) => onSet({ imageUrl })}
        clearable
        clearButtonProps={{ 'aria-label': `${named(t('productEditor.variant.picture'))}: ${t('common.clear')}` }}
      />
    </div>
  )
}

function Endings({ variant, editing, onSet, onRemove, sku }: Props & { sku: string }) {
  const why = heldBy(variant)
  const isOnly = editing.form.variants.length === 1
  return (
    <Group gap="xs">
      {variant.id !== null && (
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconArchive size={14} aria-hidden="true" />}
          aria-label={t(variant.archived ? 'productEditor.variant.unarchiveOf' : 'productEditor.variant.archiveOf', {
            sku,
          })}
          onClick={() => onSet({ archived: !variant.archived })}
        >
          {t(variant.archived ? 'productEditor.variant.unarchive' : 'productEditor.variant.archive')}
        </Button>
      )}
      {!isOnly && (
        <WithReason why={why}>
          <Button
            size="compact-sm"
            variant="subtle"
            color="gray"
            leftSection={<IconTrash size={14} aria-hidden="true" />}
            aria-label={t('productEditor.variant.removeOf', { sku })}
            disabled={why !== undefined}
            onClick={onRemove}
          >
            {t('productEditor.variant.remove')}
          </Button>
        </WithReason>
      )}
      {why !== undefined && !isOnly && <span className={classes.quiet}>{why}</span>}
    </Group>
  )
}

function WithReason({ why, children }: { why: string | undefined; children: ReactNode }) {
  return why === undefined ? (
    children
  ) : (
    <Tooltip label={why}>
      <span>{children}</span>
    </Tooltip>
  )
}

function heldBy({ held }: VariantForm): string | undefined {
  if (!held) return undefined
  const { orders, mappings, changes } = held
  if (orders > 0) return t('productEditor.variant.heldOrders', { count: orders })
  if (mappings > 0) return t('productEditor.variant.heldMappings', { count: mappings })
  return changes > 0 ? t('productEditor.variant.heldChanges') : undefined
}
