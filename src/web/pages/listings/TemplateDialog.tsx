// Lays a template over what is selected; what would still be missing is said before it is applied.
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import type { ChosenProducts } from './chosen.ts'
import classes from './listings.module.css'

type Props = { channelId: string; chosen: ChosenProducts; shown: string; onClose: () => void }

export function TemplateDialog({ channelId, chosen, onClose }: Props) {
  const client = useQueryClient()
  const templates = useQuery(ask('listingTemplates', { params: { id: channelId } }))
  const [id, setId] = useState<string | null>(null)
  const apply = (preview: boolean) =>
    call('applyListingTemplate', { params: { id: id ?? '' }, body: { chosen, preview } })
  const looked = useQuery({
    queryKey: ['applyListingTemplate', id, chosen],
    queryFn: () => apply(true),
    enabled: id !== null,
  })
  const applying = useMutation({
    mutationFn: () => apply(false),
    onSuccess: async ({ products }) => {
      onClose()
      tell(t('listings.template.done', { count: products }))
      await client.invalidateQueries({ queryKey: ['gridProducts'] })
    },
    onError: tellRefusal,
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('listings.template.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {templates.data?.length === 0 ? (
        <EmptyState title={t('listings.template.none')} text={t('listings.template.noneNext')} />
      ) : (
        <Stack mih={220} justify="space-between">
          {templates.error && <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />}
          <Select
            data-autofocus
            label={t('listings.template.choose')}
            data={
              templates.data?.map((each) => ({ value: each.id, label: `${each.name} · ${each.categoryPath}` })) ?? []
            }
            value={id}
            onChange={setId}
            comboboxProps={{ withinPortal: false }}
          />
          {looked.error && <ErrorState error={looked.error} onRetry={() => void looked.refetch()} />}
          {looked.data && (
            <div role="status">
              <Text size="sm" fw={600}>
                {t('listings.template.ready', {
                  ready: countLabel(looked.data.ready),
                  products: countLabel(looked.data.products),
                })}
              </Text>
              {looked.data.missing.length > 0 && (
                <ul className={classes.faults} aria-label={t('listings.template.missing')}>
                  {looked.data.missing.map(({ key, label, products }) => (
                    <li key={key}>{t('listings.template.missingOf', { label, count: products })}</li>
                  ))}
                </ul>
              )}
            </div>
          )}
          <Group justify="flex-end">
            <Button disabled={id === null} loading={applying.isPending} onClick={() => applying.mutate()}>
              {t('listings.template.confirm')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
