// One imported file, looked at often while it is being read; and a person's decision on one that was held back.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import type { FileImport } from './import-look.ts'

const lookAgainMs = 1000
const touched = new Set(['imports', 'suppliers', 'supplier', 'offers', 'products', 'home', 'problems'])

export function useFile(id: string) {
  return useQuery({
    ...ask('import', { params: { id } }),
    refetchInterval: ({ state }) => (state.data?.state === 'reading' ? lookAgainMs : false),
  })
}

type Decision = 'accept' | 'discard'

export function useDecision(file: Pick<FileImport, 'id' | 'fileName' | 'heldBecause'>) {
  const client = useQueryClient()
  const deciding = useMutation({
    mutationFn: (decision: Decision) =>
      call(decision === 'accept' ? 'acceptImport' : 'discardImport', { params: { id: file.id } }),
    onSuccess: (next, decision) => {
      client.setQueryData(ask('import', { params: { id: file.id } }).queryKey, next)
      tell(t(decision === 'accept' ? 'files.accepted' : 'files.discarded', { name: file.fileName }))
    },
    onError: tellRefusal,
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => touched.has(String(queryKey[0])) || queryKey[0] === 'import',
      }),
  })
  const decide = async (decision: Decision) => {
    const isSure = await confirmDialog({
      title: t(`files.${decision}Title`),
      text: decision === 'accept' ? [...file.heldBecause, t('files.acceptText')].join(' ') : t('files.discardText'),
      confirm: t(`files.${decision}`),
      danger: decision === 'accept',
    })
    if (isSure) deciding.mutate(decision)
  }
  return {
    decide: (decision: Decision) => void decide(decision),
    deciding: deciding.isPending ? deciding.variables : undefined,
  }
}
