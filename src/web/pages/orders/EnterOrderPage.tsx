// Entering an order by hand (D10): what is sold, for how much, how and where it goes. Faults stand at their fields.
import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { t } from '../../i18n.ts'
import { IconPlus, IconX } from '../../icons.ts'
import { CountrySelect } from '../../parts/countries.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink, ButtonLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import classes from './order.module.css'
import { Panel } from './Panel.tsx'
import { emptyLine, totalOf, useEnterOrder, type EnterForm } from './use-enter-order.ts'

export function EnterOrderPage() {
  const { business } = useMe()
  const { form, send, isSending, refused } = useEnterOrder(business.currency)
  return (
    <form onSubmit={send} noValidate>
      <PageHeader
        title={t('enterOrder.title')}
        above={
          <AnchorLink to="/orders" size="sm">
            {t('orders.title')}
          </AnchorLink>
        }
      />
      <div className={classes.page}>
        <div className={classes.main}>
          <Lines form={form} />
          <BuyerFields form={form} />
        </div>
        <aside className={classes.side} aria-label={t('enterOrder.terms')}>
          <Terms form={form} />
          {refused !== undefined && <ErrorState error={refused} />}
          <Group justify="flex-end">
            <ButtonLink to="/orders" variant="default">
              {t('common.cancel')}
            </ButtonLink>
            <Button type="submit" loading={isSending}>
              {t('enterOrder.enter')}
            </Button>
          </Group>
        </aside>
      </div>
    </form>
  )
}

function Lines({ form }: { form: EnterForm }) {
  const { lines } = form.values
  return (
    <Panel title={t('enterOrder.lines')}>
      <Stack gap="sm">
        {lines.map((line, index) => (
          <Group
            key={line.key}
            role="group"
            aria-label={t('enterOrder.lineName', { number: index + 1 })}
            align="flex-start"
          >
            <SkuInput form={form} index={index} />
            <NumberInput
              label={t('enterOrder.quantity')}
              w={100}
              allowDecimal={false}
              allowNegative={false}
              {...form.getInputProps(`lines.${index}.quantity`)}
            />
            <TextInput
              label={t('enterOrder.price')}
              style={{ flex: '1 1 120px', maxWidth: 170 }}
              inputMode="decimal"
              {...form.getInputProps(`lines.${index}.price`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              mt={26}
              aria-label={t('enterOrder.removeLine', { number: index + 1 })}
              disabled={lines.length === 1}
              onClick={() => form.removeListItem('lines', index)}
            >
              <IconX size={16} aria-hidden="true" />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden="true" />}
            onClick={() => form.insertListItem('lines', emptyLine())}
          >
            {t('enterOrder.addLine')}
          </Button>
        </Group>
      </Stack>
    </Panel>
  )
}

const proposalsMax = 10

/** Proposes SKUs of the inventory as one types. */
function SkuInput({ form, index }: { form: EnterForm; index: number }) {
  const typed = form.values.lines[index]?.sku.trim() ?? ''
  const { data } = useQuery({
    ...ask('variants', { query: { search: typed, limit: proposalsMax } }),
    enabled: typed.length > 1,
    staleTime: 30_000,
  })
  const titles = new Map(data?.rows.map((row) => [row.sku, row.title]))
  return (
    <Autocomplete
      label={t('enterOrder.sku')}
      style={{ flex: '1 1 200px' }}
      data={[...titles.keys()]}
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <span>
          {option.value} <span className={classes.quiet}>{titles.get(option.value)}</span>
        </span>
      )}
      autoComplete="off"
      maxLength={200}
      {...form.getInputProps(`lines.${index}.sku`)}
    />
  )
}

function Terms({ form }: { form: EnterForm }) {
  const { data: services, error } = useQuery(ask('shippingServices'))
  const usable = services?.filter((service) => service.active) ?? []
  const total = totalOf(form.values)
  return (
    <Panel title={t('enterOrder.terms')}>
      <Stack gap="sm">
        <TextInput label={t('enterOrder.currency')} maxLength={3} {...form.getInputProps('currency')} />
        <TextInput label={t('enterOrder.shipping')} inputMode="decimal" {...form.getInputProps('shipping')} />
        <Select
          label={t('enterOrder.service')}
          placeholder={t('enterOrder.chooseService')}
          description={services && usable.length === 0 ? t('enterOrder.noServices') : null}
          data={usable.map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps('shippingServiceId')}
        />
        {error && <ErrorState error={error} />}
        <TextInput
          type="datetime-local"
          label={t('enterOrder.shipBy')}
          description={t('enterOrder.shipByHelp')}
          {...form.getInputProps('shipBy')}
        />
        {total && (
          <Group justify="space-between">
            <span>{t('enterOrder.total')}</span>
            <strong>
              <MoneyText money={total} />
            </strong>
          </Group>
        )}
      </Stack>
    </Panel>
  )
}

function BuyerFields({ form }: { form: EnterForm }) {
  const field = (name: 'name' | 'street' | 'extended' | 'city' | 'region' | 'postalCode') => (
    <TextInput label={t(`enterOrder.${name}`)} maxLength={300} {...form.getInputProps(`shipTo.${name}`)} />
  )
  return (
    <Panel title={t('enterOrder.buyer')}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {field('name')}
        <TextInput label={t('enterOrder.email')} type="email" maxLength={300} {...form.getInputProps('email')} />
        {field('street')}
        {field('extended')}
        {field('city')}
        {field('region')}
        {field('postalCode')}
        <CountrySelect
          label={t('enterOrder.country')}
          allowDeselect={false}
          {...form.getInputProps('shipTo.countryCode')}
        />
        <TextInput label={t('enterOrder.phone')} maxLength={300} {...form.getInputProps('shipTo.phone')} />
      </SimpleGrid>
    </Panel>
  )
}
