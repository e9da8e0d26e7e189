// The variants in rows: options, SKU and price at hand; barcode, VAT, measures, picture, offers and listings below each.
import { Badge, Button, Group, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../i18n.ts'
import { IconPlus, IconX } from '../../icons.ts'
import { ActionIcon } from '@mantine/core'
import { emptyVariant, optionsMax, type VariantForm } from './product-form.ts'
import type { Product } from './ProductPage.tsx'
import classes from './products.module.css'
import type { Editing } from './use-product.ts'
import { VariantRow } from './VariantRow.tsx'

export type Variant = Product['variants'][number]

/** So few that there is room for all of them at once. */
const openFromStart = 1

export function Variants({ editing, known }: { editing: Editing; known: Product | undefined }) {
  const { form, change, faults } = editing
  const [open, setOpen] = useState<ReadonlySet<string>>(
    () => new Set(form.variants.length <= openFromStart ? form.variants.map(({ key }) => key) : []),
  )
  const [added, setAdded] = useState(1)
  const toggle = (key: string) => {
    const next = new Set(open)
    if (!next.delete(key)) next.add(key)
    setOpen(next)
  }
  const set = (at: number, part: Partial<VariantForm>) =>
    change({ variants: form.variants.map((variant, index) => (index === at ? { ...variant, ...part } : variant)) })
  const add = () => {
    const key = `new-${added}`
    setAdded(added + 1)
    change({ variants: [...form.variants, emptyVariant(key, form.optionNames.length)] })
    setOpen(new Set([...open, key]))
  }
  return (
    <section className={`panel ${classes.block}`} aria-label={t('product.variants')}>
      <Group justify="space-between" mb={8}>
        <Title order={2}>
          {t('product.variants')}{' '}
          {form.variants.length > 1 && (
            <Badge variant="default" size="sm" radius="sm">
              {form.variants.length}
            </Badge>
          )}
        </Title>
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={add}>
          {t('productEditor.variant.add')}
        </Button>
      </Group>
      <Options editing={editing} />
      <ul className={classes.variants}>
        {form.variants.map((variant, at) => (
          <VariantRow
            key={variant.key}
            variant={variant}
            at={at}
            editing={editing}
            known={known?.variants.find(({ id }) => id === variant.id)}
            isOpen={open.has(variant.key) || hasHiddenFault(faults, at)}
            onToggle={() => toggle(variant.key)}
            onSet={(part) => set(at, part)}
            onRemove={() => change({ variants: form.variants.filter((_, index) => index !== at) })}
          />
        ))}
      </ul>
    </section>
  )
}

const hidden = ['barcode', 'vatRateBasisPoints', 'weightGrams', 'lengthMm', 'widthMm', 'heightMm', 'imageUrl']

function hasHiddenFault(faults: Record<string, string>, at: number): boolean {
  return hidden.some((field) => faults[`variants.${at}.${field}`] !== undefined)
}

function Options({ editing }: { editing: Editing }) {
  const { form, change, faults } = editing
  const { optionNames, variants } = form
  if (optionNames.length === 0 && variants.length <= 1) return null
  const remove = (at: number) =>
    change({
      optionNames: optionNames.filter((_, index) => index !== at),
      variants: variants.map((variant) => ({
        ...variant,
        optionValues: variant.optionValues.filter((_, index) => index !== at),
      })),
    })
  const add = () =>
    change({
      optionNames: [...optionNames, ''],
      variants: variants.map((variant) => ({ ...variant, optionValues: [...variant.optionValues, ''] })),
    })
  return (
    <fieldset className={classes.options}>
      <legend>{t('productEditor.options.title')}</legend>
      {optionNames.map((name, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- an option is known by its place
        <Group key={at} gap={4} wrap="nowrap" align="flex-start">
          <TextInput
            size="xs"
            aria-label={t('productEditor.options.name', { number: at + 1 })}
            placeholder={t('productEditor.options.placeholder')}
            value={name}
            error={faults[`optionNames.${at}`]}
            onChange={(event) => change({ optionNames: optionNames.with(at, event.currentTarget.value) })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('productEditor.options.remove', { name: name || at + 1 })}
            onClick={() => remove(at)}
          >
            <IconX size={15} aria-hidden="true" />
          </ActionIcon>
        </Group>
      ))}
      {optionNames.length < optionsMax && (
        <Button size="xs" variant="subtle" leftSection={<IconPlus size={13} aria-hidden="true" />} onClick={add}>
          {t('productEditor.options.add')}
        </Button>
      )}
    </fieldset>
  )
}
