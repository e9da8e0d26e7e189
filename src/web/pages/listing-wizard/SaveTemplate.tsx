// What the chosen products share, kept as a template for the next ones.
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiRefusal, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { categoryAttribute } from './AttributesPart.tsx'
import type { ChannelProduct } from './use-wizard.ts'
import { sharedValue } from './use-wizard.ts'

type Props = {
  channelId: string
  categoryId: string
  products: ChannelProduct[]
  opened: boolean
  onClose: () => void
}

export function SaveTemplate(props: Props) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('wizard.template.saveTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Form {...props} />
    </Modal>
  )
}

function Form({ channelId, categoryId, products, onClose }: Props) {
  const client = useQueryClient()
  const ours = [...new Set(products.flatMap(({ own }) => own.category ?? []))]
  const [name, setName] = useState('')
  const [catalogueCategory, setCategory] = useState<string | null>(ours.length === 1 ? (ours[0] ?? null) : null)
  const saving = useMutation({
    mutationFn: () =>
      call('addListingTemplate', {
        params: { id: channelId },
        body: { name, catalogueCategory, categoryId, attributes: sharedAttributes(products) },
      }),
    onSuccess: async () => {
      tell(t('wizard.template.savedAs', { name }))
      onClose()
      await client.invalidateQueries({ queryKey: ['listingTemplates'] })
    },
    onError: (error) => {
      if (!(error instanceof ApiRefusal) || !error.fields['name']) tellRefusal(error)
    },
  })
  const refused = saving.error instanceof ApiRefusal ? saving.error.fields['name'] : undefined
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') saving.mutate()
      }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t('wizard.template.saveLead')}
        </Text>
        <TextInput
          label={t('wizard.template.name')}
          data-autofocus
          required
          maxLength={80}
          value={name}
          error={refused}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t('wizard.template.offerFor')}
          placeholder={t('wizard.template.offerAny')}
          clearable
          clearButtonProps={{ 'aria-label': t('common.clear') }}
          data={ours}
          value={catalogueCategory}
          onChange={setCategory}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function sharedAttributes(products: ChannelProduct[]): Record<string, string> {
  const [first] = products
  return Object.fromEntries(
    Object.entries(first?.attributes ?? {}).filter(
      ([key, value]) =>
        // What follows from a product itself is no rule for others.
        key !== categoryAttribute &&
        !products.some(({ derived }) => derived.includes(key)) &&
        value === sharedValue(products.map(({ attributes }) => attributes[key] ?? '')),
    ),
  )
}
