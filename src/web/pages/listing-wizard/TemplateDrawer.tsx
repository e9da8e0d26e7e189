// A template as a form: for which of our products it is offered, the category there, its attributes, and texts.
import { Autocomplete, Button, Drawer, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiRefusal, ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { AttributeForm, useNeeds } from './AttributesPart.tsx'
import { CategoryPicker } from './CategoryPicker.tsx'
import type { Template } from './TemplateMenu.tsx'
import classes from './wizard.module.css'

type Props = {
  channelId: string
  marketplace: string
  template: Template | 'new' | undefined
  onClose: () => void
}

export function TemplateDrawer(props: Props) {
  // It stays what it was while the drawer goes.
  const [last, setLast] = useState(props.template)
  if (props.template !== undefined && props.template !== last) setLast(props.template)
  return (
    <Drawer
      opened={props.template !== undefined}
      onClose={props.onClose}
      position="right"
      size={560}
      title={t(last === 'new' ? 'wizard.templates.addTitle' : 'wizard.templates.changeTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {last && <Form key={last === 'new' ? 'new' : last.id} {...props} template={last} />}
    </Drawer>
  )
}

type Fields = {
  name: string
  catalogueCategory: string
  categoryId: string
  categoryPath: string
  attributes: Record<string, string>
  titlePattern: string
  descriptionPattern: string
}

function fieldsOf(template: Template | 'new'): Fields {
  const given = template === 'new' ? undefined : template
  return {
    name: given?.name ?? '',
    catalogueCategory: given?.catalogueCategory ?? '',
    categoryId: given?.categoryId ?? '',
    categoryPath: given?.categoryPath ?? '',
    attributes: given?.attributes ?? {},
    titlePattern: given?.titlePattern ?? '',
    descriptionPattern: given?.descriptionPattern ?? '',
  }
}

function Form({ channelId, marketplace, template, onClose }: Props & { template: Template | 'new' }) {
  const [fields, setFields] = useState(() => fieldsOf(template))
  const change = (changed: Partial<Fields>) => setFields((before) => ({ ...before, ...changed }))
  const choices = useQuery(ask('gridChoices'))
  const saving = useSaving(channelId, template, onClose)
  const refused = saving.error instanceof ApiRefusal ? saving.error.fields : {}
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (fields.name.trim() !== '' && fields.categoryId !== '') saving.mutate(fields)
      }}
    >
      <Stack gap="md">
        <TextInput
          label={t('wizard.templates.name')}
          required
          maxLength={80}
          data-autofocus
          value={fields.name}
          error={refused['name']}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <Autocomplete
          label={t('wizard.template.offerFor')}
          placeholder={t('wizard.template.offerAny')}
          data={choices.data?.categories ?? []}
          limit={50}
          maxLength={200}
          value={fields.catalogueCategory}
          onChange={(catalogueCategory) => change({ catalogueCategory })}
        />
        <TemplateCategory
          channelId={channelId}
          marketplace={marketplace}
          fields={fields}
          error={refused['categoryId']}
          onChange={change}
        />
        <TemplateAttributes channelId={channelId} fields={fields} onChange={change} />
        <TextInput
          label={t('wizard.templates.titlePattern')}
          description={t('wizard.templates.patternHelp', { words: '{title}, {brand}, {sku}, {category}' })}
          placeholder="{brand} {title}"
          maxLength={1000}
          value={fields.titlePattern}
          error={refused['titlePattern']}
          onChange={(event) => change({ titlePattern: event.currentTarget.value })}
        />
        <Textarea
          label={t('wizard.templates.descriptionPattern')}
          description={t('wizard.templates.patternHelp', { words: '{description}, {title}, {brand}' })}
          autosize
          minRows={3}
          maxRows={12}
          maxLength={50_000}
          value={fields.descriptionPattern}
          error={refused['descriptionPattern']}
          onChange={(event) => change({ descriptionPattern: event.currentTarget.value })}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending} disabled={fields.categoryId === ''}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function useSaving(channelId: string, template: Template | 'new', onClose: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (fields: Fields) => {
      const { name, categoryId, attributes } = fields
      const body = {
        name,
        categoryId,
        attributes,
        catalogueCategory: fields.catalogueCategory.trim() || null,
        titlePattern: fields.titlePattern.trim() || null,
        descriptionPattern: fields.descriptionPattern.trim() || null,
      }
      return template === 'new'
        ? call('addListingTemplate', { params: { id: channelId }, body })
        : call('changeListingTemplate', { params: { id: template.id }, body })
    },
    onSuccess: async ({ name }) => {
      tell(t('wizard.templates.saved', { name }))
      onClose()
      await client.invalidateQueries({ queryKey: ['listingTemplates'] })
    },
    onError: (error) => {
      if (!(error instanceof ApiRefusal) || Object.keys(error.fields).length === 0) tellRefusal(error)
    },
  })
}

type PartProps = { channelId: string; fields: Fields; onChange: (changed: Partial<Fields>) => void }

function TemplateCategory(props: PartProps & { marketplace: string; error: string | undefined }) {
  const { channelId, marketplace, fields, error, onChange } = props
  const [isOpen, setOpen] = useState(fields.categoryId === '')
  return (
    <section aria-label={t('wizard.templates.category')} className={classes.drawerPart}>
      <Group justify="space-between" gap="sm">
        <h3>{t('wizard.templates.category')}</h3>
        {!isOpen && (
          <Button variant="default" size="compact-sm" onClick={() => setOpen(true)}>
            {t('wizard.category.change')}
          </Button>
        )}
      </Group>
      <Text size="sm" {...(error ? { c: 'red' } : fields.categoryId === '' ? { c: 'dimmed' } : {})}>
        {error ?? (fields.categoryPath || t('wizard.templates.chooseCategory'))}
      </Text>
      {isOpen && (
        <CategoryPicker
          channelId={channelId}
          marketplace={marketplace}
          chosenId={fields.categoryId}
          onChoose={({ id, path }) => {
            setOpen(false)
            if (id !== fields.categoryId) onChange({ categoryId: id, categoryPath: path, attributes: {} })
          }}
        />
      )}
    </section>
  )
}

function TemplateAttributes({ channelId, fields, onChange }: PartProps) {
  const isReady = fields.categoryId !== ''
  const needs = useNeeds(channelId, { categoryId: fields.categoryId, enabled: isReady })
  if (!isReady || !needs.data) return null
  const { attributes } = fields
  return (
    <section aria-label={t('wizard.templates.attributes')} className={classes.drawerPart}>
      <h3>{t('wizard.templates.attributes')}</h3>
      <AttributeForm
        // What tells variations apart belongs to products, not to a template.
        attributes={needs.data.attributes.filter(({ isVariation }) => !isVariation)}
        products={[{ attributes, derived: [], variants: [] }]}
        faults={[]}
        wanted={undefined}
        idPrefix="template-"
        onSave={(key, value) => {
          const { [key]: _, ...others } = attributes
          onChange({ attributes: value === null ? others : { ...others, [key]: value } })
        }}
      />
    </section>
  )
}
