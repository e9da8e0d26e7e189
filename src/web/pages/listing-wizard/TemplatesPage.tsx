// Templates of one sales channel: made, changed, removed, and used for the products that are chosen.
import { Button, Group, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconBookmark, IconPlus } from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import type { Column } from '../../parts/DataTable.tsx'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { listSource } from '../../parts/table-source.ts'
import { readChosen } from '../listings/chosen.ts'
import { ApplyTemplate } from './ApplyTemplate.tsx'
import { TemplateDrawer } from './TemplateDrawer.tsx'
import type { Template } from './TemplateMenu.tsx'

export function TemplatesPage() {
  const { channelId } = useParams({ strict: false }) as { channelId: string }
  const navigate = useNavigate()
  const channel = useQuery(ask('channel', { params: { id: channelId } }))
  const templates = useQuery(ask('listingTemplates', { params: { id: channelId } }))
  const [chosen] = useState(() => readChosen(channelId)?.chosen)
  const [edited, setEdited] = useState<Template | 'new'>()
  const [using, setUsing] = useState<Template>()
  const remove = useRemove()
  if (channel.error && !channel.data) return <ErrorState error={channel.error} onRetry={() => void channel.refetch()} />
  const addButton = (
    <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={() => setEdited('new')}>
      {t('wizard.templates.add')}
    </Button>
  )
  return (
    <div className="page-fill">
      <PageHeader
        title={t('wizard.templates.title', { channel: channel.data?.name ?? '' })}
        above={
          <AnchorLink to="/listings/$channelId" params={{ channelId }} size="sm">
            {channel.data ? t('wizard.back', { channel: channel.data.name }) : t('wizard.backPlain')}
          </AnchorLink>
        }
        actions={addButton}
        below={
          <Text size="sm" c="dimmed">
            {t('wizard.templates.lead')}
          </Text>
        }
      />
      <DataTable
        label={t('wizard.templates.title', { channel: channel.data?.name ?? '' })}
        source={listSource(templates)}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        empty={
          <EmptyState icon={IconBookmark} title={t('wizard.templates.empty')} text={t('wizard.templates.emptyNext')} />
        }
        columns={columns({
          onChange: setEdited,
          onRemove: (template) => void remove(template),
          onUse: chosen ? setUsing : undefined,
        })}
      />
      <TemplateDrawer
        channelId={channelId}
        marketplace={channel.data?.marketplaceName ?? ''}
        template={edited}
        onClose={() => setEdited(undefined)}
      />
      {chosen && (
        <ApplyTemplate
          template={using}
          chosen={chosen}
          onClose={() => setUsing(undefined)}
          onApplied={() => void navigate({ to: '/listings/$channelId/list', params: { channelId } })}
        />
      )}
    </div>
  )
}

function useRemove() {
  const client = useQueryClient()
  const removing = useMutation({
    mutationFn: ({ id }: Template) => call('removeListingTemplate', { params: { id } }),
    onSuccess: async (_, { name }) => {
      tell(t('wizard.templates.removed', { name }))
      await client.invalidateQueries({ queryKey: ['listingTemplates'] })
    },
    onError: tellRefusal,
  })
  return async (template: Template) => {
    const { name } = template
    const isSure = await confirmDialog({
      title: t('wizard.templates.removeAsk', { name }),
      text: t('wizard.templates.removeText'),
      confirm: t('wizard.templates.remove'),
      danger: true,
    })
    if (isSure) removing.mutate(template)
  }
}

type Deeds = {
  onChange: (template: Template) => void
  onRemove: (template: Template) => void
  /** Undefined where no products are chosen. */
  onUse: ((template: Template) => void) | undefined
}

function columns({ onChange, onRemove, onUse }: Deeds): Column<Template>[] {
  return [
    {
      key: 'name',
      head: t('wizard.templates.name'),
      width: 200,
      grow: 1,
      card: 'title',
      render: ({ name }) => <span className="ellipsis">{name}</span>,
    },
    {
      key: 'category',
      head: t('wizard.templates.category'),
      width: 260,
      grow: 2,
      render: ({ categoryPath }) => (
        <span className="ellipsis" title={categoryPath}>
          {categoryPath}
        </span>
      ),
    },
    {
      key: 'offered',
      head: t('wizard.templates.offered'),
      width: 150,
      grow: 1,
      render: ({ catalogueCategory }) => (
        <span className="ellipsis">{catalogueCategory ?? t('wizard.templates.any')}</span>
      ),
    },
    {
      key: 'products',
      head: t('wizard.templates.used'),
      width: 90,
      figures: true,
      render: ({ products }) => <span className="figure">{countLabel(products)}</span>,
    },
    {
      key: 'updated',
      head: t('wizard.templates.updated'),
      width: 120,
      render: ({ updatedAt }) => <RelativeTime at={updatedAt} />,
    },
    {
      key: 'deeds',
      head: t('common.actions'),
      width: onUse ? 330 : 190,
      render: (template) => (
        <Group gap={6} wrap="nowrap">
          {onUse && (
            <Button
              variant="light"
              size="compact-sm"
              aria-label={t('wizard.templates.applyOf', { name: template.name })}
              onClick={() => onUse(template)}
            >
              {t('wizard.templates.apply')}
            </Button>
          )}
          <Button
            variant="subtle"
            size="compact-sm"
            aria-label={t('wizard.templates.changeOf', { name: template.name })}
            onClick={() => onChange(template)}
          >
            {t('wizard.templates.change')}
          </Button>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            aria-label={t('wizard.templates.removeOf', { name: template.name })}
            onClick={() => onRemove(template)}
          >
            {t('wizard.templates.remove')}
          </Button>
        </Group>
      ),
    },
  ]
}
