// The shipping mapping (C1): left what the marketplace calls its services, right ours. All is draft until Save.
import {
  ActionIcon,
  Badge,
  Box,
  Button,
  Group,
  Select,
  Stack,
  Table,
  Text,
  Tooltip,
  VisuallyHidden,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconClockPause, IconPlus, IconRefresh, IconX } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ApplyDialog } from '../mapping/ApplyDialog.tsx'
import { useShippingDrafts } from './use-shipping-drafts.ts'

type Theirs = Answer<'channelServices'>
type Service = Theirs['services'][number]
type Props = { channelId: string; ours: Answer<'shippingServices'>; theirs: Theirs }

export function ShippingMapping({ channelId, ours, theirs }: Props) {
  const { drafts, draft, clear, save, isSaving } = useShippingDrafts(channelId)
  const [adding, setAdding] = useState<string | null>(null)
  const [applying, applyDialog] = useDisclosure()
  const meant = ({ service, shippingServiceId }: Service) => drafts.get(service) ?? shippingServiceId
  const mapped = theirs.services.filter((one) => meant(one) !== null)
  const unmapped = theirs.services.filter((one) => meant(one) === null)
  return (
    <Stack gap="md">
      <Group justify="space-between" align="flex-start">
        <Text size="sm" c="dimmed" maw={560}>
          {t('shipping.intro')}
        </Text>
        <Group gap="xs">
          {theirs.canDownload && <DownloadButton channelId={channelId} />}
          {theirs.waiting > 0 && (
            <Button variant="default" size="xs" disabled={drafts.size > 0} onClick={applyDialog.open}>
              {t('applying.button')} ({countLabel(theirs.waiting)})
            </Button>
          )}
        </Group>
      </Group>
      <Table fz="sm" verticalSpacing={7} aria-label={t('shipping.mapped')}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('shipping.theirs')}</Table.Th>
            <Table.Th>{t('shipping.ours')}</Table.Th>
            <Table.Th w={150} visibleFrom="sm">
              <VisuallyHidden>{t('shipping.state')}</VisuallyHidden>
            </Table.Th>
            <Table.Th w={48}>
              <VisuallyHidden>{t('shipping.removing')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {mapped.length === 0 && (
            <Table.Tr>
              <Table.Td colSpan={4} c="dimmed">
                {theirs.services.length === 0 ? t('shipping.noneNamed') : t('shipping.noMappings')}
              </Table.Td>
            </Table.Tr>
          )}
          {mapped.map((one) => (
            <MappedRow
              key={one.service}
              one={one}
              ours={ours.find(({ id }) => id === meant(one))?.name ?? ''}
              change={!drafts.has(one.service) ? 'saved' : drafts.get(one.service) === null ? 'removed' : 'draft'}
              onX={() => {
                if (drafts.get(one.service) === null) draft(one.service, undefined)
                else draft(one.service, one.shippingServiceId === null ? undefined : null)
              }}
            />
          ))}
        </Table.Tbody>
      </Table>
      <MapField
        key={adding ?? ''}
        unmapped={theirs.services.filter((one) => !mapped.includes(one) || drafts.get(one.service) === null)}
        ours={ours.filter(({ active }) => active)}
        start={adding}
        onMap={(service, id) => {
          draft(service, id)
          setAdding(null)
        }}
      />
      <Unmapped services={unmapped} isAny={theirs.services.length > 0} onMap={setAdding} />
      <Group gap="xs" justify="flex-end">
        <Text size="sm" aria-live="polite">
          {drafts.size > 0 && t('shipping.drafts', { count: drafts.size })}
        </Text>
        <Button variant="default" disabled={drafts.size === 0} onClick={clear}>
          {t('common.cancel')}
        </Button>
        <Button disabled={drafts.size === 0} loading={isSaving} onClick={save}>
          {t('common.save')}
        </Button>
      </Group>
      <ApplyDialog
        channelId={channelId}
        what={['mappings', 'shipping']}
        opened={applying}
        onClose={applyDialog.close}
      />
    </Stack>
  )
}

type RowChange = 'saved' | 'draft' | 'removed'

function MappedRow(props: { one: Service; ours: string; change: RowChange; onX: () => void }) {
  const { one, ours, change, onX } = props
  const label = t(change === 'removed' ? 'shipping.takeBack' : 'shipping.remove', { service: one.label })
  return (
    <Table.Tr>
      <Table.Td>
        <Named one={one} />
      </Table.Td>
      <Table.Td>
        <Text span size="sm" td={change === 'removed' ? 'line-through' : 'none'}>
          {ours}
        </Text>
        {/* A phone has no room for a column of its own. */}
        <Box hiddenFrom="sm">
          <Change change={change} />
        </Box>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Change change={change} />
      </Table.Td>
      <Table.Td>
        <Tooltip label={label}>
          <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={onX}>
            {change === 'removed' ? <IconRefresh size={15} /> : <IconX size={15} />}
          </ActionIcon>
        </Tooltip>
      </Table.Td>
    </Table.Tr>
  )
}

function Change({ change }: { change: RowChange }) {
  if (change === 'saved') return null
  return change === 'draft' ? (
    <Badge variant="light">{t('shipping.draftMap')}</Badge>
  ) : (
    <Badge variant="light" color="gray">
      {t('shipping.draftRemove')}
    </Badge>
  )
}

function Named({ one }: { one: Service }) {
  return (
    <>
      {one.label}
      {one.label !== one.service && (
        <Text span size="xs" c="dimmed" ml={6} className="code">
          {one.service}
        </Text>
      )}
    </>
  )
}

type FieldProps = {
  unmapped: Service[]
  ours: Answer<'shippingServices'>
  start: string | null
  onMap: (service: string, shippingServiceId: string) => void
}

function MapField({ unmapped, ours, start, onMap }: FieldProps) {
  const [service, setService] = useState(start)
  const [id, setId] = useState<string | null>(null)
  if (unmapped.length === 0) return null
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (service === null || id === null) return
        onMap(service, id)
        setService(null)
        setId(null)
      }}
    >
      <Group align="flex-end" gap="sm">
        <Select
          label={t('shipping.theirs')}
          placeholder={t('shipping.choose')}
          w={280}
          searchable
          data={unmapped.map((one) => ({ value: one.service, label: one.label }))}
          value={service}
          onChange={setService}
        />
        <Select
          label={t('shipping.ours')}
          placeholder={t('shipping.choose')}
          w={240}
          data={ours.map((one) => ({ value: one.id, label: one.name }))}
          value={id}
          data-autofocus={start === null ? undefined : true}
          autoFocus={start !== null}
          onChange={setId}
        />
        <Button
          type="submit"
          variant="default"
          leftSection={<IconPlus size={15} aria-hidden="true" />}
          disabled={service === null || id === null}
        >
          {t('shipping.mapField')}
        </Button>
      </Group>
    </form>
  )
}

function Unmapped(props: { services: Service[]; isAny: boolean; onMap: (service: string) => void }) {
  if (!props.isAny) return null
  return (
    <Stack gap={4} component="section" aria-label={t('shipping.notMapped')}>
      <Text size="sm" fw={600}>
        {t('shipping.notMapped')}
      </Text>
      {props.services.length === 0 && (
        <Text size="sm" c="dimmed">
          {t('shipping.allMapped')}
        </Text>
      )}
      {props.services.map((one) => (
        <Group key={one.service} gap="sm">
          <Button variant="subtle" size="compact-sm" onClick={() => props.onMap(one.service)}>
            <VisuallyHidden>{t('shipping.map')} </VisuallyHidden>
            <Named one={one} />
          </Button>
          <Text size="xs" c="dimmed">
            {t(one.seenOnOrders ? 'shipping.seen' : 'shipping.named')}
          </Text>
          {one.waiting > 0 && (
            <Badge variant="light" color="orange" leftSection={<IconClockPause size={12} aria-hidden="true" />}>
              {t('shipping.waiting', { count: one.waiting, shown: countLabel(one.waiting) })}
            </Badge>
          )}
        </Group>
      ))}
    </Stack>
  )
}

function DownloadButton({ channelId }: { channelId: string }) {
  const asking = useMutation({
    mutationFn: () => call('downloadChannelServices', { params: { id: channelId } }),
    onSuccess: () => tell(t('shipping.downloading')),
    onError: tellRefusal,
  })
  return (
    <Button variant="default" size="xs" loading={asking.isPending} onClick={() => asking.mutate()}>
      {t('shipping.download')}
    </Button>
  )
}
