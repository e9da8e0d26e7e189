// How orders of this integration are shipped: its default service, the shipping mapping, and what waits for it (C1, C3).
import { Group, Select, Skeleton, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ApiRefusal, ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { ShippingMapping } from './ShippingMapping.tsx'

const none = 'none'

export function ShippingSection({ channel }: { channel: Answer<'channel'> }) {
  const params = { id: channel.id }
  const services = useQuery(ask('shippingServices'))
  const theirs = useQuery(ask('channelServices', { params }))
  const error = services.error ?? theirs.error
  if (error)
    return (
      <ErrorState
        error={error}
        onRetry={() => {
          void services.refetch()
          void theirs.refetch()
        }}
      />
    )
  if (!services.data || !theirs.data) return <Skeleton height={260} />
  return (
    <Stack gap="lg">
      <DefaultService channel={channel} services={services.data} />
      <ShippingMapping channelId={channel.id} ours={services.data} theirs={theirs.data} />
    </Stack>
  )
}

function DefaultService({ channel, services }: { channel: Answer<'channel'>; services: Answer<'shippingServices'> }) {
  const client = useQueryClient()
  const params = { id: channel.id }
  const saving = useMutation({
    mutationFn: (defaultShippingServiceId: string | null) =>
      call('saveChannelSettings', { params, body: { defaultShippingServiceId } }),
    onSuccess: (saved) => {
      client.setQueryData(ask('channel', { params }).queryKey, saved)
      tell(t('shipping.defaultSaved'))
      return client.invalidateQueries({ queryKey: ['shippingServices'] })
    },
    onError: (error) => {
      // Switched off by somebody else meanwhile: the list it was chosen from is old.
      void client.invalidateQueries({ queryKey: ['shippingServices'] })
      if (faultOf(error) === undefined) tellRefusal(error)
    },
  })
  const chosen = services.find(({ id }) => id === channel.settings.defaultShippingServiceId)
  return (
    <Stack gap={6} maw={620}>
      <Group gap="md" align="flex-start">
        <Select
          label={t('shipping.default')}
          w={320}
          maw="100%"
          data={[
            { value: none, label: t('shipping.defaultNone') },
            ...services
              .filter(({ active, id }) => active || id === chosen?.id)
              .map(({ id, name }) => ({ value: id, label: name })),
          ]}
          value={chosen?.id ?? none}
          allowDeselect={false}
          disabled={saving.isPending}
          error={faultOf(saving.error)}
          onChange={(value) => value !== null && saving.mutate(value === none ? null : value)}
        />
        <AnchorLink to="/settings/shipping" size="sm" pt={{ base: 0, sm: 30 }}>
          {t('shipping.manage')}
        </AnchorLink>
      </Group>
      <Text size="sm" c="dimmed">
        {chosen ? t('shipping.defaultDoes', { name: chosen.name }) : t('shipping.defaultDoesNot')}
      </Text>
    </Stack>
  )
}

function faultOf(error: Error | null): string | undefined {
  return error instanceof ApiRefusal ? error.fields['defaultShippingServiceId'] : undefined
}
