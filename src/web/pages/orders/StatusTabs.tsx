// The statuses as tabs: those used every day, those in which something waits (with how many), and the rest behind More.
// A click shows one; with Ctrl or Shift it is added to what is shown.
import { Menu, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { MouseEvent } from 'react'
import { orderStatus } from '../../../api/contract.ts'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconChevronDown } from '../../icons.ts'
import { orderStatusLook } from '../../parts/status.ts'
import tabs from '../../parts/Tabs.module.css'
import classes from './orders.module.css'
import type { OrderStatus } from './use-order-filters.ts'

const always: OrderStatus[] = ['awaiting-mapping', 'awaiting-stock', 'with-supplier', 'partly-dispatched', 'dispatched']

/** Several statuses are words with commas between them, as in the address. */
type Props = { status: string | undefined; onChange: (status: string | null) => void }

export function StatusTabs({ status, onChange }: Props) {
  const { data } = useQuery(ask('home'))
  const chosen = new Set<string>(status?.split(','))
  const waiting = new Map(data?.waiting.map((each) => [each.status, { value: each.count, more: each.more }]))
  const isShown = (each: OrderStatus) => always.includes(each) || chosen.has(each) || waiting.has(each)
  const hidden = orderStatus.options.filter((each) => !isShown(each))
  const choose = (each: OrderStatus, event?: MouseEvent) => {
    if (!event?.ctrlKey && !event?.metaKey && !event?.shiftKey) return onChange(each)
    const next = new Set(chosen)
    if (!next.delete(each)) next.add(each)
    return onChange([...next].join(',') || null)
  }
  return (
    <div className={tabs.tabs} role="group" aria-label={t('orders.status')}>
      <Tab chosen={status === undefined} onClick={() => onChange(null)}>
        {t('orders.allStatuses')}
      </Tab>
      {orderStatus.options.filter(isShown).map((each) => (
        <Tab key={each} chosen={chosen.has(each)} onClick={(event) => choose(each, event)} count={waiting.get(each)}>
          {orderStatusLook(each).label}
        </Tab>
      ))}
      {hidden.length > 0 && (
        <Menu position="bottom-start">
          <Menu.Target>
            <UnstyledButton className={tabs.tab}>
              {t('orders.moreStatuses')} <IconChevronDown size={13} aria-hidden="true" />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {hidden.map((each) => {
              const { icon: Icon, label } = orderStatusLook(each)
              return (
                <Menu.Item key={each} leftSection={<Icon size={15} />} onClick={(event) => choose(each, event)}>
                  {label}
                </Menu.Item>
              )
            })}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  )
}

type TabProps = {
  chosen: boolean
  onClick: (event: MouseEvent) => void
  count?: { value: number; more: boolean } | undefined
  children: string
}

function Tab(props: TabProps) {
  return (
    <UnstyledButton className={tabs.tab} aria-pressed={props.chosen} onClick={props.onClick}>
      {props.children}
      {props.count ? <span className={classes.tabCount}>{countLabel(props.count)}</span> : null}
    </UnstyledButton>
  )
}
