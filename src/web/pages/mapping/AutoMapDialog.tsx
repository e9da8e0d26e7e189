// Auto-map (B7): proposals with their evidence. Nothing is mapped before a person accepts, and then it is a draft.
import { Button, Group, Modal, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconWand } from '../../icons.ts'
import { tell } from '../../parts/ask.tsx'
import type { Column } from '../../parts/DataTable.tsx'
import { DataTable } from '../../parts/DataTable.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { listSource } from '../../parts/table-source.ts'
import type { Drafts } from './drafts.ts'
import { withDraft } from './drafts.ts'
import classes from './mapping.module.css'

type Proposal = Answer<'proposeMappings'>['proposals'][number]
type Props = {
  channelId: string
  opened: boolean
  onClose: () => void
  setDrafts: (change: (before: Drafts) => Drafts) => void
}

export function AutoMapDialog({ opened, onClose, ...rest }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('mapping.auto.title')}
      size={980}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Proposals {...rest} onClose={onClose} />
    </Modal>
  )
}

function Proposals({ channelId, onClose, setDrafts }: Omit<Props, 'opened'>) {
  const query = useQuery({ ...ask('proposeMappings', { params: { id: channelId } }), staleTime: 0 })
  // Undefined until the person changes it: then all are chosen.
  const [chosen, setChosen] = useState<ReadonlySet<string>>()
  const proposals = query.data?.proposals ?? []
  const selected = chosen ?? new Set(proposals.map(({ listing }) => listing.id))
  const accept = () => {
    const accepted = proposals.filter(({ listing }) => selected.has(listing.id))
    setDrafts((before) =>
      accepted.reduce<Drafts>(
        (drafts, { listing, variant, evidence }) =>
          withDraft(drafts, { ...listing, mapping: null }, [asComponent(variant)], evidence),
        before,
      ),
    )
    tell(t('mapping.auto.accepted', { count: accepted.length }))
    onClose()
  }
  const source = listSource({ ...query, data: query.data?.proposals })
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t('mapping.auto.intro')}{' '}
        {query.data && query.data.ambiguous > 0 && t('mapping.auto.ambiguous', { count: query.data.ambiguous })}
      </Text>
      <div className={classes.dialogTable}>
        <DataTable
          label={t('mapping.auto.title')}
          source={source}
          columns={columns()}
          rowKey={({ listing }) => listing.id}
          rowName={({ listing }) => listing.channelSku ?? listing.title}
          selection={{ chosen: selected, onChange: setChosen }}
          empty={<EmptyState icon={IconWand} title={t('mapping.auto.none')} text={t('mapping.auto.noneNext')} />}
        />
      </div>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button onClick={accept} disabled={selected.size === 0}>
          {t('mapping.auto.accept', { count: selected.size, shown: countLabel(selected.size) })}
        </Button>
      </Group>
    </>
  )
}

function columns(): Column<Proposal>[] {
  return [
    {
      key: 'listing',
      head: t('mapping.auto.listing'),
      width: 240,
      grow: 2,
      card: 'title',
      render: ({ listing }) => <Named code={listing.channelSku ?? t('mapping.noSku')} title={listing.title} />,
    },
    {
      key: 'variant',
      head: t('mapping.auto.variant'),
      width: 240,
      grow: 2,
      render: ({ variant }) => <Named code={variant.sku} title={variant.title} />,
    },
    {
      key: 'evidence',
      head: t('mapping.auto.because'),
      width: 290,
      render: ({ evidence }) => <span className="ellipsis">{t(`mapping.auto.evidence.${evidence}`)}</span>,
    },
  ]
}

function Named({ code, title }: { code: string; title: string }) {
  return (
    <>
      <span className="code">{code}</span>
      <span className="ellipsis" title={title} style={{ color: 'var(--mantine-color-dimmed)' }}>
        {title}
      </span>
    </>
  )
}

function asComponent(variant: Proposal['variant']) {
  return { variantId: variant.id, sku: variant.sku, title: variant.title, quantity: 1 }
}
