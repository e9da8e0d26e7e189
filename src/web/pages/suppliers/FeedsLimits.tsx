// When a supplier's file is held back, and from what age on his figures are old (E1, S7).
import { Alert, Button, Group, Modal, NumberInput, Skeleton, Stack, Switch } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle } from '../../icons.ts'
import { tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { useFeedsAgain } from './Feeds.tsx'

type Props = { supplierId: string; opened: boolean; onClose: () => void }

export function FileLimitsDialog({ supplierId, opened, onClose }: Props) {
  const { data, error, refetch } = useQuery({ ...ask('fileLimits', { params: { id: supplierId } }), enabled: opened })
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t('feeds.limitsTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {data ? (
        <Form supplierId={supplierId} limits={data} onClose={onClose} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton height={220} />
      )}
    </Modal>
  )
}

type Form = { supplierId: string; limits: Answer<'fileLimits'>; onClose: () => void }

function Form({ supplierId, limits, onClose }: Form) {
  const again = useFeedsAgain()
  const form = useForm({
    initialValues: {
      fewerRowsPercent: limits.fewerRowsPercent as number | string,
      newlyZeroPercent: limits.newlyZeroPercent as number | string,
      staleAfterHours: (limits.staleAfterHours ?? '') as number | string,
      staleShowsZero: limits.staleShowsZero,
    },
    validate: {
      fewerRowsPercent: (value) => (isWhole(value, 100) ? null : t('feeds.percentWrong')),
      newlyZeroPercent: (value) => (isWhole(value, 100) ? null : t('feeds.percentWrong')),
      staleAfterHours: (value) => (value === '' || isWhole(value, 8760) ? null : t('feeds.hoursWrong')),
    },
  })
  const saving = useMutation({
    mutationFn: (fields: typeof form.values) =>
      call('saveFileLimits', {
        params: { id: supplierId },
        body: {
          fewerRowsPercent: Number(fields.fewerRowsPercent),
          newlyZeroPercent: Number(fields.newlyZeroPercent),
          staleAfterHours: fields.staleAfterHours === '' ? null : Number(fields.staleAfterHours),
          staleShowsZero: fields.staleShowsZero,
        },
      }),
    onSuccess: async () => {
      await again()
      tell(t('feeds.limitsSaved'))
      onClose()
    },
  })
  const figures = { allowDecimal: false, allowNegative: false, clampBehavior: 'none' as const }
  return (
    <form onSubmit={form.onSubmit((fields) => saving.mutate(fields))} noValidate>
      <Stack>
        {limits.stale && (
          <Alert color="yellow" variant="light" icon={<IconAlertTriangle />}>
            {t('feeds.stale', { hours: limits.staleAfterHours })}
          </Alert>
        )}
        <NumberInput
          label={t('feeds.fewerRows')}
          data-autofocus
          suffix=" %"
          {...figures}
          {...form.getInputProps('fewerRowsPercent')}
        />
        <NumberInput
          label={t('feeds.newlyZero')}
          suffix=" %"
          {...figures}
          {...form.getInputProps('newlyZeroPercent')}
        />
        <NumberInput
          label={t('feeds.staleAfter')}
          description={t('feeds.staleAfterHelp')}
          {...figures}
          {...form.getInputProps('staleAfterHours')}
        />
        <Switch label={t('feeds.staleZero')} {...form.getInputProps('staleShowsZero', { type: 'checkbox' })} />
        {saving.error && <ErrorState error={saving.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function isWhole(value: number | string, max: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= max
}
