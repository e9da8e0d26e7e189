// When a person is asked: the largest step of a price, and how many listings a rule may change unseen.
import { Button, NumberInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Answer } from '../../api.ts'
import { ApiRefusal, ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { goToFirstFault } from '../../parts/first-fault.ts'
import classes from './pricing.module.css'

type Fields = { step: number | string; listings: number | string }

export function PricingSettings({ settings }: { settings: Answer<'pricingRules'>['settings'] }) {
  const client = useQueryClient()
  const form = useForm<Fields>({
    initialValues: { step: settings.stepMaxBasisPoints / 100, listings: settings.listingsMax },
    validate: {
      step: (value) => (isWithin(value, 1, 1000) ? null : t('pricing.settings.stepWrong')),
      listings: (value) =>
        isWithin(value, 1, 1_000_000) && Number.isInteger(value) ? null : t('pricing.settings.listingsWrong'),
    },
  })
  const saving = useMutation({
    mutationFn: ({ step, listings }: Fields) =>
      call('savePricingSettings', {
        body: { stepMaxBasisPoints: Math.round(Number(step) * 100), listingsMax: Number(listings) },
      }),
    onSuccess: (saved) => {
      client.setQueryData(ask('pricingRules').queryKey, (rules) => rules && { ...rules, settings: saved })
      tell(t('pricing.settings.saved'))
      return client.invalidateQueries({ queryKey: ['pricingRules'] })
    },
    onError: (error) => {
      if (!(error instanceof ApiRefusal) || Object.keys(error.fields).length === 0) return tellRefusal(error)
      const { stepMaxBasisPoints: step, listingsMax: listings } = error.fields
      form.setErrors({ ...(step ? { step } : {}), ...(listings ? { listings } : {}) })
      goToFirstFault(form, form.errors)
    },
  })
  return (
    <section className={`panel ${classes.block}`} aria-label={t('pricing.settings.title')}>
      <Title order={2}>{t('pricing.settings.title')}</Title>
      <form
        noValidate
        className={classes.settings}
        onSubmit={form.onSubmit(
          (values) => saving.mutate(values),
          (faults) => goToFirstFault(form, faults),
        )}
      >
        <NumberInput
          label={t('pricing.settings.step')}
          description={t('pricing.settings.stepHelp')}
          min={1}
          max={1000}
          decimalScale={2}
          allowNegative={false}
          clampBehavior="none"
          {...form.getInputProps('step')}
        />
        <NumberInput
          label={t('pricing.settings.listings')}
          description={t('pricing.settings.listingsHelp')}
          min={1}
          max={1_000_000}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator=","
          clampBehavior="none"
          {...form.getInputProps('listings')}
        />
        <Button type="submit" variant="default" loading={saving.isPending}>
          {t('common.save')}
        </Button>
      </form>
    </section>
  )
}

function isWithin(value: number | string, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max
}
