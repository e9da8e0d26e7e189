// Filters kept under a name: one is chosen from the menu, the one in force is kept, all are put in order. What a person
// marks as his first one is what the list opens with.
import { ActionIcon, Button, Group, Menu, Modal, Stack, TextInput, Tooltip } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { ApiRefusal, ask, call, type Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconArrowDown, IconArrowUp, IconBookmark, IconStar, IconStarFilled, IconTrash } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { queryText, readQueryText, type OrderQuery } from './use-order-filters.ts'

type Filter = Answer<'savedFilters'>[number]
type Props = { query: OrderQuery; onChoose: (query: OrderQuery) => void }

export function SavedFilters({ query, onChoose }: Props) {
  const { data: filters } = useQuery(ask('savedFilters'))
  const [open, setOpen] = useState<'save' | 'manage'>()
  const current = queryText(query)
  useFirst(filters, current === '', onChoose)
  return (
    <>
      <Menu position="bottom-end" width={260}>
        <Menu.Target>
          <Button variant="default" fw={400} leftSection={<IconBookmark size={14} aria-hidden="true" />}>
            {filters?.find((filter) => filter.query === current)?.name ?? t('orders.saved.title')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {filters?.map((filter) => (
            <Menu.Item
              key={filter.id}
              aria-current={filter.query === current || undefined}
              rightSection={
                filter.isDefault ? <IconStarFilled size={13} aria-label={t('orders.saved.isFirst')} /> : null
              }
              onClick={() => onChoose(readQueryText(filter.query))}
            >
              {filter.name}
            </Menu.Item>
          ))}
          {filters?.length === 0 && <Menu.Label>{t('orders.saved.none')}</Menu.Label>}
          <Menu.Divider />
          <Menu.Item disabled={current === ''} onClick={() => setOpen('save')}>
            {t('orders.saved.save')}
          </Menu.Item>
          <Menu.Item disabled={!filters?.length} onClick={() => setOpen('manage')}>
            {t('orders.saved.manage')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {open === 'save' && <SaveDialog query={current} onClose={() => setOpen(undefined)} />}
      {open === 'manage' && <ManageDialog filters={filters ?? []} onClose={() => setOpen(undefined)} />}
    </>
  )
}

/** Once, when the list is opened without a filter: whoever clears the filters wants to see all. */
function useFirst(filters: Filter[] | undefined, isPlain: boolean, onChoose: Props['onChoose']) {
  const asked = useRef(false)
  useEffect(() => {
    if (filters === undefined || asked.current) return
    asked.current = true
    const first = filters.find((filter) => filter.isDefault)
    if (first && isPlain) onChoose(readQueryText(first.query))
  }, [filters, isPlain, onChoose])
}

function SaveDialog({ query, onClose }: { query: string; onClose: () => void }) {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const saving = useMutation({
    mutationFn: () => call('saveFilter', { body: { name, query } }),
    onSuccess: (filters) => {
      client.setQueryData(ask('savedFilters').queryKey, filters)
      tell(t('orders.saved.isSaved', { name: name.trim() }))
      onClose()
    },
  })
  const refused = saving.error instanceof ApiRefusal ? (saving.error.fields['name'] ?? saving.error.message) : undefined
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('orders.saved.save')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        <Stack>
          <TextInput
            data-autofocus
            label={t('orders.saved.name')}
            description={t('orders.saved.nameHelp')}
            required
            maxLength={60}
            value={name}
            error={refused}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={saving.isPending} disabled={name.trim() === ''}>
              {t('common.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

function ManageDialog({ filters, onClose }: { filters: Filter[]; onClose: () => void }) {
  const client = useQueryClient()
  const changing = useMutation({
    mutationFn: (change: () => Promise<Filter[]>) => change(),
    onSuccess: (next) => client.setQueryData(ask('savedFilters').queryKey, next),
    onError: tellRefusal,
  })
  const change = (id: string, body: { isDefault?: boolean; move?: 'up' | 'down' }) =>
    changing.mutate(() => call('changeFilter', { params: { id }, body }))
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('orders.saved.manage')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack component="ul" gap={4} p={0} m={0} style={{ listStyle: 'none' }}>
        {filters.map(({ id, name, isDefault }, at) => (
          <Group component="li" key={id} justify="space-between" wrap="nowrap">
            <span className="ellipsis">{name}</span>
            <Group gap={2} wrap="nowrap">
              <Act
                label={t(isDefault ? 'orders.saved.notFirst' : 'orders.saved.first', { name })}
                onClick={() => change(id, { isDefault: !isDefault })}
              >
                {isDefault ? <IconStarFilled size={15} /> : <IconStar size={15} />}
              </Act>
              <Act
                label={t('orders.saved.up', { name })}
                disabled={at === 0}
                onClick={() => change(id, { move: 'up' })}
              >
                <IconArrowUp size={15} />
              </Act>
              <Act
                label={t('orders.saved.down', { name })}
                disabled={at === filters.length - 1}
                onClick={() => change(id, { move: 'down' })}
              >
                <IconArrowDown size={15} />
              </Act>
              <Act
                label={t('orders.saved.delete', { name })}
                onClick={() => changing.mutate(() => call('deleteFilter', { params: { id } }))}
              >
                <IconTrash size={15} />
              </Act>
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  )
}

type ActProps = { label: string; disabled?: boolean; onClick: () => void; children: ReactNode }

function Act({ label, children, ...button }: ActProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} {...button}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
