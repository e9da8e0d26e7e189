import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { productQueries } from './use-product.ts'

/** Takes back a change of many products, where nobody changed them since. */
export function useUndoEdit() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => call('undoProductEdit', { params: { id } }),
    onSuccess: (done) => tell(t(done.kept > 0 ? 'bulkEdit.undoneButKept' : 'bulkEdit.undone', done)),
    onError: tellRefusal,
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'productEdits' || productQueries.has(String(queryKey[0])),
      }),
  })
}
