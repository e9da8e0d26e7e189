// Our shipping services (C4): the seller's own list.
import {
  ActionIcon,
  Button,
  Group,
  Skeleton,
  Stack,
  Switch,
  Table,
  Text,
  TextInput,
  Tooltip,
  VisuallyHidden,
} from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCheck, IconPencil, IconTrash, IconTruck, IconX } from '../../icons.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'

type Service = Answer<'shippingServices'>[number]

export function ShippingServicesPage() {
  const { data, error, refetch } = useQuery(ask('shippingServices'))
  return (
    <>
      <PageHeader title={t('shipping.page')} below={<span>{t('shipping.pageIntro')}</span>} />
      <div className="page-body">
        <Stack className="panel" p="md" maw={860} gap="md">
          {error ? (
            <ErrorState error={error} onRetry={() => void refetch()} />
          ) : !data ? (
            <Skeleton height={160} aria-busy="true" />
          ) : data.length === 0 ? (
            <EmptyState icon={IconTruck} title={t('shipping.empty')} text={t('shipping.emptyNext')} />
          ) : (
            <Services services={data} />
          )}
          <NewService />
        </Stack>
      </div>
    </>
  )
}

function Services({ services }: { services: Service[] }) {
  return (
    <Table fz="sm" verticalSpacing={7} aria-label={t('shipping.page')}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('shipping.name')}</Table.Th>
          <Table.Th visibleFrom="sm">{t('shipping.use')}</Table.Th>
          <Table.Th w={100}>{t('shipping.state')}</Table.Th>
          <Table.Th w={76}>
            <VisuallyHidden>{t('shipping.changing')}</VisuallyHidden>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {services.map((service) => (
          <ServiceRow key={service.id} service={service} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

function ServiceRow({ service }: { service: Service }) {
  const { id, name, active } = service
  const [renaming, setRenaming] = useState(false)
  const { change, remove } = useServiceChanges(service)
  const uses = usesOf(service)
  return (
    <Table.Tr>
      <Table.Td>
        {renaming ? (
          <Rename
            service={service}
            isSaving={change.isPending}
            onSave={(next) => change.mutate({ name: next }, { onSuccess: () => setRenaming(false) })}
            onCancel={() => setRenaming(false)}
          />
        ) : (
          name
        )}
        {/* A phone has no room for a column of its own. */}
        <Text hiddenFrom="sm" size="xs" c="dimmed">
          {uses.join(', ')}
        </Text>
      </Table.Td>
      <Table.Td c="dimmed" visibleFrom="sm">
        {uses.length === 0 ? t('shipping.unused') : uses.join(', ')}
      </Table.Td>
      <Table.Td>
        <Switch
          key={id}
          checked={active}
          disabled={change.isPending}
          aria-label={t('shipping.switch', { name })}
          label={t(active ? 'shipping.active' : 'shipping.inactive')}
          onChange={(event) => change.mutate({ active: event.currentTarget.checked })}
        />
      </Table.Td>
      <Table.Td>
        <Group gap={2} wrap="nowrap" justify="flex-end">
          <Tooltip label={t('shipping.rename', { name })}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('shipping.rename', { name })}
              onClick={() => setRenaming(true)}
            >
              <IconPencil size={15} />
            </ActionIcon>
          </Tooltip>
          <Tooltip
            label={
              uses.length > 0 ? t('shipping.cannotDelete', { why: uses.join(', ') }) : t('shipping.delete', { name })
            }
          >
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('shipping.delete', { name })}
              aria-disabled={uses.length > 0}
              {...(uses.length > 0 ? { 'data-disabled': true } : {})}
              onClick={() => uses.length === 0 && remove()}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

function useServiceChanges({ id, name }: Service) {
  const client = useQueryClient()
  const params = { id }
  const lookAgain = () => client.invalidateQueries({ queryKey: ['shippingServices'] })
  const change = useMutation({
    mutationFn: (body: { name?: string; active?: boolean }) => call('changeShippingService', { params, body }),
    onSuccess: (_, body) => {
      if (body.name !== undefined) tell(t('shipping.renamed'))
      else tell(t(body.active ? 'shipping.switchedOn' : 'shipping.switchedOff', { name }))
    },
    onError: tellRefusal,
    onSettled: lookAgain,
  })
  const deleting = useMutation({
    mutationFn: () => call('deleteShippingService', { params }),
    onSuccess: () => tell(t('shipping.deleted', { name })),
    onError: tellRefusal,
    onSettled: lookAgain,
  })
  const remove = () => {
    void confirmDialog({
      title: t('shipping.deleteTitle', { name }),
      text: t('shipping.deleteText'),
      confirm: t('shipping.delete', { name }),
      danger: true,
    }).then((yes) => yes && deleting.mutate())
  }
  return { change, remove }
}

function usesOf({ defaults, mappings, suppliers, rules }: Service): string[] {
  return [
    ...(defaults.length > 0 ? [t('shipping.useDefault', { names: defaults.join(', ') })] : []),
    ...(mappings > 0 ? [t('shipping.useMappings', { count: mappings })] : []),
    ...(suppliers > 0 ? [t('shipping.useSuppliers', { count: suppliers })] : []),
    ...(rules.length > 0 ? [t('shipping.useRules', { count: rules.length, names: rules.join(', ') })] : []),
  ]
}

function Rename(props: { service: Service; isSaving: boolean; onSave: (name: string) => void; onCancel: () => void }) {
  const [name, setName] = useState(props.service.name)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim()) props.onSave(name.trim())
      }}
    >
      <Group gap={4} wrap="nowrap">
        <TextInput
          size="xs"
          aria-label={t('shipping.rename', { name: props.service.name })}
          value={name}
          maxLength={80}
          autoFocus
          onChange={(event) => setName(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Escape' && props.onCancel()}
        />
        <ActionIcon type="submit" variant="subtle" loading={props.isSaving} aria-label={t('common.save')}>
          <IconCheck size={15} />
        </ActionIcon>
        <ActionIcon variant="subtle" color="gray" aria-label={t('common.cancel')} onClick={props.onCancel}>
          <IconX size={15} />
        </ActionIcon>
      </Group>
    </form>
  )
}

function NewService() {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const adding = useMutation({
    mutationFn: () => call('addShippingService', { body: { name: name.trim() } }),
    onSuccess: (added) => {
      setName('')
      tell(t('shipping.added', { name: added.name }))
      return client.invalidateQueries({ queryKey: ['shippingServices'] })
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim()) adding.mutate()
      }}
    >
      <Group align="flex-start" gap="xs" wrap="nowrap" maw={480}>
        <TextInput
          label={t('shipping.newName')}
          description={t('shipping.newHelp')}
          value={name}
          maxLength={80}
          style={{ flex: 1 }}
          error={adding.error?.message}
          onChange={(event) => {
            setName(event.currentTarget.value)
            adding.reset()
          }}
        />
        {/* Beside the field itself, below its label and help. */}
        <Button type="submit" variant="default" mt={39} loading={adding.isPending}>
          {t('shipping.add')}
        </Button>
      </Group>
    </form>
  )
}
