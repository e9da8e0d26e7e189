// Switching an integration on or off: shown at once, told, and taken back with one click (A7).
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'

type Switched = { id: string; name: string; enabled: boolean; undoes?: boolean }

export function useChannelSwitch() {
  const client = useQueryClient()
  const show = ({ id, enabled }: Switched) => {
    client.setQueryData(ask('channels').queryKey, (rows) =>
      rows?.map((row) => (row.id === id ? { ...row, enabled } : row)),
    )
    client.setQueryData(ask('channel', { params: { id } }).queryKey, (row) => (row ? { ...row, enabled } : row))
  }
  const mutation = useMutation({
    mutationFn: ({ id, enabled }: Switched) => call('switchChannel', { params: { id }, body: { enabled } }),
    onMutate: show,
    onSuccess: (_, { id, name, enabled, undoes }) =>
      tell(
        t(enabled ? 'integrations.switchedOn' : 'integrations.switchedOff', { name }),
        undoes ? undefined : () => mutation.mutate({ id, name, enabled: !enabled, undoes: true }),
      ),
    onError: (error, switched) => {
      show({ ...switched, enabled: !switched.enabled })
      tellRefusal(error)
    },
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => ['channels', 'channel', 'home'].includes(String(queryKey[0])),
      }),
  })
  return mutation
}
