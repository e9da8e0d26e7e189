// Fetching orders or listings now. Both go on in the hub when the page is closed.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../../api.ts'
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
    onSuccess: lookAgain,
    onError: tellRefusal,
  })
  return {
    downloadOrders: () => orders.mutate(),
    downloadListings: () => listings.mutate(),
    isAsking: orders.isPending || listings.isPending,
  }
}
