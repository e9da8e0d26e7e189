// Settings of the whole business.
import { Box, Button, Group, NumberInput, Skeleton, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ApiRefusal, ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { goToFirstFault } from '../../parts/first-fault.ts'
import { PageHeader } from '../../parts/PageHeader.tsx'

type Business = Answer<'business'>

export function BusinessPage() {
  const { data, error, refetch } = useQuery(ask('business'))
  return (
    <>
      <PageHeader title={t('business.title')} below={<span>{t('business.intro')}</span>} />
      <div className="page-body">
        <Box className="panel" p="md" maw={640}>
          {error ? (
            <ErrorState error={error} onRetry={() => void refetch()} />
          ) : data ? (
            <Form business={data} />
          ) : (
            <Skeleton height={360} aria-busy="true" />
          )}
        </Box>
      </div>
    </>
  )
}

const figures = [
  { name: 'unmappedKeepDays', min: 0, max: 365 },
  { name: 'buyerDataDays', min: 0, max: 365 },
  { name: 'deadlineWarningHours', min: 1, max: 336 },
] as const

type Fields = Pick<Business, 'name' | 'reclaimsVat'> & Record<(typeof figures)[number]['name'], number | string>

function Form({ business }: { business: Business }) {
  const client = useQueryClient()
  const { currency, timeZone, ...fields } = business
  const isWhole = (min: number, max: number) => (value: number | string) =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? null
      : t('business.wrong', { min, max })
  const form = useForm<Fields>({
    initialValues: fields,
    validate: {
      name: (name) => (name.trim() === '' ? t('errors.required') : null),
      unmappedKeepDays: isWhole(0, 365),
      buyerDataDays: isWhole(0, 365),
      deadlineWarningHours: isWhole(1, 336),
    },
  })
  const saving = useMutation({
    mutationFn: (values: Fields) =>
      call('changeBusiness', {
        body: {
          name: values.name.trim(),
          reclaimsVat: values.reclaimsVat,
          unmappedKeepDays: Number(values.unmappedKeepDays),
          buyerDataDays: Number(values.buyerDataDays),
          deadlineWarningHours: Number(values.deadlineWarningHours),
        },
      }),
    onSuccess: (saved) => {
      client.setQueryData(ask('business').queryKey, saved)
      tell(t('business.saved'))
      return client.invalidateQueries({ queryKey: ['me'] })
    },
    onError: (error) => {
      if (!(error instanceof ApiRefusal) || Object.keys(error.fields).length === 0) return tellRefusal(error)
      form.setErrors(error.fields)
      goToFirstFault(form, error.fields)
    },
  })
  return (
    <form
      onSubmit={form.onSubmit(
        (values) => saving.mutate(values),
        (faults) => goToFirstFault(form, faults),
      )}
      noValidate
    >
      <Stack>
        <TextInput label={t('business.name')} maxLength={120} {...form.getInputProps('name')} />
        <Text size="sm" c="dimmed">
          {t('business.facts', { currency, timeZone })}
        </Text>
        <Switch
          label={t('business.reclaimsVat')}
          description={t('business.reclaimsVatHelp')}
          {...form.getInputProps('reclaimsVat', { type: 'checkbox' })}
        />
        {figures.map(({ name, min, max }) => (
          <NumberInput
            key={name}
            label={t(`business.${name}`)}
            description={t(`business.${name}Help`)}
            min={min}
            max={max}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            maw={420}
            {...form.getInputProps(name)}
          />
        ))}
        <Group justify="flex-end">
          <Button type="submit" loading={saving.isPending}>
            {t('common.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
