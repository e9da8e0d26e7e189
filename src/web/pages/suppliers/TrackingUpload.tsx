// How a supplier's tracking comes in besides his own screen: taken from his folder, or uploaded here.
import { Button, Group, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconFileImport } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ImportDialog } from '../files/ImportDialog.tsx'
import type { Supplier } from './supplier-columns.tsx'
import type { SupplierWays } from './Ways.tsx'

type Props = { supplierId: string; supplier: Supplier | undefined; ways: SupplierWays }

export function TrackingUpload({ supplierId, supplier, ways }: Props) {
  const client = useQueryClient()
  const [uploading, dialog] = useDisclosure()
  const saving = useMutation({
    mutationFn: (picksUpTracking: boolean) =>
      call('changeSupplierWays', { params: { id: supplierId }, body: { picksUpTracking } }),
    onSuccess: ({ webhookSecret: _secret, ...saved }) => {
      client.setQueryData(ask('supplierWays', { params: { id: supplierId } }).queryKey, saved)
      tell(t('ways.tracking.saved'))
    },
    onError: tellRefusal,
  })
  return (
    <Group justify="space-between">
      <Switch
        label={t('ways.tracking.pickUp')}
        description={ways.sftp ? ways.sftp.trackingFolder : t('ways.tracking.needsSftp')}
        checked={ways.picksUpTracking}
        disabled={saving.isPending || (!ways.sftp && !ways.picksUpTracking)}
        onChange={(event) => saving.mutate(event.currentTarget.checked)}
      />
      <Button
        variant="default"
        leftSection={<IconFileImport size={16} aria-hidden="true" />}
        onClick={dialog.open}
        disabled={!supplier}
      >
        {t('ways.tracking.upload')}
      </Button>
      {supplier && <ImportDialog kind="tracking" supplier={supplier} opened={uploading} onClose={dialog.close} />}
    </Group>
  )
}
