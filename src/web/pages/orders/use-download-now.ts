// Asking every switched-on integration, or one, for its newest orders.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'

export function useDownloadNow() {
  const client = useQueryClient()
  const { data: channels } = useQuery(ask('channels'))
  const on = channels?.filter((channel) => channel.enabled) ?? []
  const asking = useMutation({
    // One that refuses does not keep the others from being asked.
    mutationFn: async (channelIds: string[]) => {
      const asked = await Promise.allSettled(channelIds.map((id) => call('downloadOrders', { params: { id } })))
      const refused = asked.find((each) => each.status === 'rejected')
      if (refused) throw refused.reason
    },
    onSuccess: () => tell(t('orders.downloading')),
    onError: tellRefusal,
    onSettled: () => client.invalidateQueries({ queryKey: ['channels'] }),
  })
  return {
    channels,
    on,
    download: (ids = on.map((channel) => channel.id)) => asking.mutate(ids),
    isAsking: asking.isPending,
  }
}
