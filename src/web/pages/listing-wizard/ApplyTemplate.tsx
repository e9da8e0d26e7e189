// Before a template is used: how many products would be ready, and what would still be missing.
import { Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import type { ChosenProducts } from '../listings/chosen.ts'
import type { Template } from './TemplateMenu.tsx'

type Props = { template: Template | undefined; chosen: ChosenProducts; onClose: () => void; onApplied?: () => void }

export function ApplyTemplate({ template, chosen, onClose, onApplied }: Props) {
  // It stays what it was while the dialog goes.
  const [last, setLast] = useState(template)
  if (template && template !== last) setLast(template)
  return (
    <Modal
      opened={template !== undefined}
      onClose={onClose}
      title={t('wizard.template.preview', { name: last?.name ?? '' })}
      size={520}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {last && <Preview template={last} chosen={chosen} onClose={onClose} onApplied={onApplied} />}
    </Modal>
  )
}

type PreviewProps = {
  template: Template
  chosen: ChosenProducts
  onClose: () => void
  onApplied: (() => void) | undefined
}

function Preview({ template, chosen, onClose, onApplied }: PreviewProps) {
  const client = useQueryClient()
  const params = { id: template.id }
  const preview = useQuery({
    ...ask('applyListingTemplate', { params, body: { chosen, preview: true } }),
    staleTime: 0,
    gcTime: 0,
  })
  const applying = useMutation({
    mutationFn: () => call('applyListingTemplate', { params, body: { chosen, preview: false } }),
    onSuccess: async () => {
      tell(t('wizard.template.applied', { name: template.name }))
      onClose()
      onApplied?.()
      await client.invalidateQueries({
        predicate: ({ queryKey }) => touched.has(String(queryKey[0])),
      })
    },
    onError: tellRefusal,
  })
  if (preview.error) return <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
  const { data } = preview
  return (
    <Stack gap="sm" aria-busy={preview.isPending}>
      <Text size="sm">{t('wizard.template.moves', { path: template.categoryPath })}</Text>
      <Text size="sm" c="dimmed">
        {t('wizard.template.previewLead')}
      </Text>
      {data ? (
        <>
          <Text size="sm" fw={600}>
            {t('wizard.template.ready', { count: data.ready, total: countLabel(data.products) })}
          </Text>
          {data.missing.length > 0 && (
            <div>
              <Text size="sm">{t('wizard.template.missing')}</Text>
              <List size="sm">
                {data.missing.map(({ key, label, products }) => (
                  <List.Item key={key}>
                    {label}{' '}
                    <Text span c="dimmed" size="sm">
                      {t('wizard.check.missingAt', { count: products })}
                    </Text>
                  </List.Item>
                ))}
              </List>
            </div>
          )}
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {t('wizard.checking')}
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button onClick={() => applying.mutate()} loading={applying.isPending} disabled={!data}>
          {t('wizard.template.apply', { count: data?.products ?? 0, shown: countLabel(data?.products ?? 0) })}
        </Button>
      </Group>
    </Stack>
  )
}

const touched = new Set(['channelProduct', 'checkForChannel', 'listingTemplates'])
