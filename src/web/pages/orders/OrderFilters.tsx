// Integration, payment and days; all three are in the address.
import { Button, Popover, Select, Stack, TextInput, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { byHand } from '../../../api/contract.ts'
import { ask } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { nowMs } from '../../browser.ts'
import { t } from '../../i18n.ts'
import { IconChevronDown } from '../../icons.ts'
import { dayBack, dayLabel } from './days.ts'
import classes from './orders.module.css'
import type { FilterChange, OrderQuery } from './use-order-filters.ts'

type Change = FilterChange
type Props = { query: OrderQuery; onChange: (change: Change) => void }

export function OrderFilters({ query, onChange }: Props) {
  const { data: channels } = useQuery(ask('channels'))
  const isSeveral = query.channelId?.includes(',') ?? false
  return (
    <>
      {(channels?.length ?? 0) > 1 && (
        <Select
          aria-label={t('orders.channel')}
          placeholder={isSeveral ? t('orders.severalChannels') : t('orders.anyChannel')}
          data={[
            ...(channels?.map(({ id, name }) => ({ value: id, label: name })) ?? []),
            { value: byHand, label: t('orders.byHand') },
          ]}
          value={isSeveral ? null : (query.channelId ?? null)}
          onChange={(channelId) => onChange({ channelId })}
          clearable
          searchable={(channels?.length ?? 0) > 8}
          w={176}
        />
      )}
      <Select
        aria-label={t('orders.paid')}
        placeholder={t('orders.anyPaid')}
        data={[
          { value: 'yes', label: t('orders.isPaid') },
          { value: 'no', label: t('orders.isUnpaid') },
        ]}
        value={query.paid ?? null}
        onChange={(paid) => onChange({ paid })}
        clearable
        w={126}
      />
      <Days query={query} onChange={onChange} />
    </>
  )
}

const presets = [7, 30, 90]

function Days({ query, onChange }: Props) {
  const [opened, { toggle, close }] = useDisclosure()
  const { business } = useMe()
  const choose = (from: string | null) => {
    onChange({ from, to: null })
    close()
  }
  return (
    <Popover opened={opened} onChange={(next) => !next && close()} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          fw={400}
          rightSection={<IconChevronDown size={14} aria-hidden="true" />}
          aria-label={`${t('orders.placed')}: ${daysLabel(query)}`}
          {...(query.from || query.to ? {} : { c: 'var(--mantine-color-placeholder)' })}
          onClick={toggle}
        >
          {daysLabel(query)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p="xs">
        <Stack gap={2}>
          <UnstyledButton className={classes.choice} onClick={() => choose(null)}>
            {t('orders.anyTime')}
          </UnstyledButton>
          <UnstyledButton className={classes.choice} onClick={() => choose(dayBack(nowMs(), 0, business.timeZone))}>
            {t('orders.today')}
          </UnstyledButton>
          {presets.map((count) => (
            <UnstyledButton
              key={count}
              className={classes.choice}
              onClick={() => choose(dayBack(nowMs(), count - 1, business.timeZone))}
            >
              {t('orders.lastDays', { count })}
            </UnstyledButton>
          ))}
          <div className={classes.ownDays}>
            <TextInput
              type="date"
              size="xs"
              label={t('orders.from')}
              value={query.from ?? ''}
              max={query.to}
              onChange={(event) => onChange({ from: event.currentTarget.value })}
            />
            <TextInput
              type="date"
              size="xs"
              label={t('orders.to')}
              value={query.to ?? ''}
              min={query.from}
              onChange={(event) => onChange({ to: event.currentTarget.value })}
            />
          </div>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function daysLabel({ from, to }: OrderQuery): string {
  if (from && to) return t('orders.between', { from: dayLabel(from), to: dayLabel(to) })
  if (from) return t('orders.since', { from: dayLabel(from) })
  return to ? t('orders.until', { to: dayLabel(to) }) : t('orders.anyTime')
}
