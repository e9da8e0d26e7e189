// The last step of the dialog: the file being read, then what became of it.
import { Button, Group, Skeleton, Stack } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { ImportReport } from './ImportReport.tsx'
import { useFile } from './use-file.ts'

export function ImportOutcome({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: file, error, refetch } = useFile(id)
  useLookAgain(file?.state)
  return (
    <Stack>
      {file ? (
        <ImportReport file={file} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={120} />
      )}
      <Group justify="flex-end">
        <Button variant={file?.state === 'applied' ? 'filled' : 'default'} onClick={onClose} data-autofocus>
          {t('common.close')}
        </Button>
      </Group>
    </Stack>
  )
}

const touched = new Set([
  'imports',
  'products',
  'myProducts',
  'myProductsChoices',
  'variants',
  'suppliers',
  'supplier',
  'offers',
  'home',
  // A tracking file moves these.
  'orders',
  'order',
  'purchaseOrders',
])

/** What the file changed is looked at again when it has been read. */
export function useLookAgain(state: string | undefined) {
  const client = useQueryClient()
  useEffect(() => {
    if (state !== undefined && state !== 'reading')
      void client.invalidateQueries({ predicate: ({ queryKey }) => touched.has(String(queryKey[0])) })
  }, [state, client])
}
