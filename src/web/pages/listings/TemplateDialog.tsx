// Which template is laid over what is selected; what it would leave missing is said before it is applied.
import { Modal, Select, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { ApplyTemplate } from '../listing-wizard/ApplyTemplate.tsx'
import type { ChosenProducts } from './chosen.ts'

type Props = { channelId: string; chosen: ChosenProducts; shown: string; onClose: () => void }

export function TemplateDialog({ channelId, chosen, onClose }: Props) {
  const templates = useQuery(ask('listingTemplates', { params: { id: channelId } }))
  const [id, setId] = useState<string | null>(null)
  const template = templates.data?.find((each) => each.id === id)
  if (template) return <ApplyTemplate template={template} chosen={chosen} onClose={onClose} />
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('listings.template.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {templates.error && <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />}
      {templates.data?.length === 0 ? (
        <EmptyState title={t('listings.template.none')} text={t('listings.template.noneNext')} />
      ) : (
        <Stack mih={220}>
          <Select
            data-autofocus
            label={t('listings.template.choose')}
            data={
              templates.data?.map((each) => ({ value: each.id, label: `${each.name} · ${each.categoryPath}` })) ?? []
            }
            value={null}
            onChange={setId}
            comboboxProps={{ withinPortal: false }}
          />
        </Stack>
      )}
    </Modal>
  )
}
