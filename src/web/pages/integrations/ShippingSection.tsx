// Which of our shipping services an order without a mapping goes with; without one it waits (C3).
import { Button, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'

const none = 'none'

export function ShippingSection({ channel }: { channel: Answer<'channel'> }) {
  const client = useQueryClient()
  const services = useQuery(ask('shippingServices'))
  const params = { id: channel.id }
  const saving = useMutation({
    mutationFn: (defaultShippingServiceId: string | null) =>
      call('saveChannelSettings', { params, body: { defaultShippingServiceId } }),
    onSuccess: (saved) => {
      client.setQueryData(ask('channel', { params }).queryKey, saved)
      tell(t('channel.shippingSaved'))
    },
    onError: tellRefusal,
  })
  if (services.error) return <ErrorState error={services.error} onRetry={() => void services.refetch()} />
  return (
    <Stack maw={560}>
      <Text size="sm" c="dimmed">
        {t('channel.shippingIntro')}
      </Text>
      <Select
        label={t('channel.shippingDefault')}
        data={[
          { value: none, label: t('channel.shippingNone') },
          ...(services.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={channel.settings.defaultShippingServiceId ?? none}
        allowDeselect={false}
        disabled={!services.data || saving.isPending}
        onChange={(value) => value !== null && saving.mutate(value === none ? null : value)}
      />
      <NewService />
    </Stack>
  )
}

function NewService() {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const adding = useMutation({
    mutationFn: () => call('addShippingService', { body: { name: name.trim() } }),
    onSuccess: (added) => {
      setName('')
      tell(t('channel.shippingAdded', { name: added.name }))
      return client.invalidateQueries({ queryKey: ['shippingServices'] })
    },
    onError: tellRefusal,
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim()) adding.mutate()
      }}
    >
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          label={t('channel.shippingNew')}
          description={t('channel.shippingNewHelp')}
          value={name}
          maxLength={80}
          style={{ flex: 1 }}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={adding.isPending}>
          {t('channel.shippingAdd')}
        </Button>
      </Group>
    </form>
  )
}
