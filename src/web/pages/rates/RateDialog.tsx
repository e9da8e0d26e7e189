// Entering an exchange rate; what cannot be a rate is said at its field.
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ApiRefusal, ask, call } from '../../api.ts'
import { nowMs } from '../../browser.ts'
import { t } from '../../i18n.ts'
import { tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { goToFirstFault } from '../../parts/first-fault.ts'

/** The pair that is offered first: the one that is missing, into the business's own currency. */
type Props = { opened: boolean; onClose: () => void; from: string; to: string }

export function RateDialog(props: Props) {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={t('rates.addTitle')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Form {...props} />
    </Modal>
  )
}

type Fields = { from: string; to: string; rate: string; onDate: string; source: string }

function Form({ onClose, from, to }: Props) {
  const client = useQueryClient()
  const required = (text: string) => (text.trim() === '' ? t('errors.required') : null)
  const form = useForm<Fields>({
    initialValues: { from, to, rate: '', onDate: new Date(nowMs()).toISOString().slice(0, 10), source: '' },
    validate: { from: required, to: required, rate: required, onDate: required, source: required },
  })
  const saving = useMutation({
    mutationFn: (fields: Fields) =>
      call('addExchangeRate', {
        body: {
          ...fields,
          from: fields.from.trim().toUpperCase(),
          to: fields.to.trim().toUpperCase(),
          rate: fields.rate.trim().replace(',', '.'),
        },
      }),
    onSuccess: (rates) => {
      client.setQueryData(ask('exchangeRates').queryKey, rates)
      tell(t('rates.added'))
      onClose()
    },
    onError: (error) => {
      if (!(error instanceof ApiRefusal)) return
      form.setErrors(error.fields)
      goToFirstFault(form, error.fields)
    },
  })
  const isAtField = saving.error instanceof ApiRefusal && Object.keys(saving.error.fields).length > 0
  return (
    <form
      onSubmit={form.onSubmit(
        (fields) => saving.mutate(fields),
        (faults) => goToFirstFault(form, faults),
      )}
      noValidate
    >
      <Stack>
        <Group grow align="start">
          <TextInput label={t('rates.from')} maxLength={3} data-autofocus {...form.getInputProps('from')} />
          <TextInput label={t('rates.to')} maxLength={3} {...form.getInputProps('to')} />
        </Group>
        <TextInput
          label={t('rates.rate')}
          description={t('rates.rateHelp')}
          inputMode="decimal"
          maxLength={30}
          autoComplete="off"
          {...form.getInputProps('rate')}
        />
        <TextInput type="date" label={t('rates.onDate')} {...form.getInputProps('onDate')} />
        <TextInput
          label={t('rates.source')}
          description={t('rates.sourceHelp')}
          maxLength={100}
          {...form.getInputProps('source')}
        />
        {saving.error && !isAtField && <ErrorState error={saving.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" loading={saving.isPending}>
            {t('rates.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
