// Tries the way that is saved, and says in plain words what came of it.
import { Button, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconSend } from '../../icons.ts'
import { tellRefusal } from '../../parts/ask.tsx'

export function WayTest({ supplierId, isSaved }: { supplierId: string; isSaved: boolean }) {
  const testing = useMutation({
    mutationFn: () => call('testSupplierWay', { params: { id: supplierId } }),
    onError: tellRefusal,
  })
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSend size={15} aria-hidden="true" />}
        loading={testing.isPending}
        disabled={!isSaved}
        title={isSaved ? '' : t('ways.testHelp')}
        onClick={() => testing.mutate()}
      >
        {t('ways.test')}
      </Button>
      <Text size="sm" role="status" {...(testing.data?.ok === false ? { c: 'var(--mantine-color-error)' } : {})}>
        {testing.data?.text ?? (isSaved ? '' : t('ways.testHelp'))}
      </Text>
    </>
  )
}
