// Fetching orders or listings now. Both go on in the hub when the page is closed.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'

export function useDownloads(channelId: string) {
  const client = useQueryClient()
  const params = { id: channelId }
  const lookAgain = () => client.invalidateQueries({ queryKey: ['runs'] })
  const orders = useMutation({
    mutationFn: () => call('downloadOrders', { params }),
    onSuccess: () => {
      tell(t('channel.ordersAsked'))
      return lookAgain()
    },
    onError: tellRefusal,
  })
  const listings = useMutation({
    mutationFn: () => call('downloadListings', { params }),
    onSuccess: (run) => {
      // Shown as begun at once: a short run may have ended before it is looked at again, and its end is told all the same.
      client.setQueryData(ask('runs', { query: { channelId } }).queryKey, (runs) => [
        run,
        ...(runs ?? []).filter(({ id }) => id !== run.id),
      ])
      return lookAgain()
    },
    onError: tellRefusal,
  })
  return {
    downloadOrders: () => orders.mutate(),
    downloadListings: () => listings.mutate(),
    isAsking: orders.isPending || listings.isPending,
  }
}
