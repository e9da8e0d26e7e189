// The statuses as tabs: those used every day, those in which something waits (with how many), and the rest behind More.
import { Menu, UnstyledButton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { orderStatus } from '../../../api/contract.ts'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconChevronDown } from '../../icons.ts'
import { orderStatusLook } from '../../parts/status.ts'
import classes from './orders.module.css'
import type { OrderStatus } from './use-order-filters.ts'

const always: OrderStatus[] = ['awaiting-mapping', 'awaiting-stock', 'with-supplier', 'partly-dispatched', 'dispatched']

type Props = { status: OrderStatus | undefined; onChange: (status: OrderStatus | null) => void }

export function StatusTabs({ status, onChange }: Props) {
  const { data } = useQuery(ask('home'))
  const waiting = new Map(data?.waiting.map((each) => [each.status, each.count]))
  const isShown = (each: OrderStatus) => always.includes(each) || each === status || (waiting.get(each) ?? 0) > 0
  const hidden = orderStatus.options.filter((each) => !isShown(each))
  return (
    <div className={classes.tabs} role="group" aria-label={t('orders.status')}>
      <Tab chosen={status === undefined} onClick={() => onChange(null)}>
        {t('orders.allStatuses')}
      </Tab>
      {orderStatus.options.filter(isShown).map((each) => (
        <Tab key={each} chosen={each === status} onClick={() => onChange(each)} count={waiting.get(each)}>
          {orderStatusLook(each).label}
        </Tab>
      ))}
      {hidden.length > 0 && (
        <Menu position="bottom-start">
          <Menu.Target>
            <UnstyledButton className={classes.tab}>
              {t('orders.moreStatuses')} <IconChevronDown size={13} aria-hidden="true" />
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            {hidden.map((each) => {
              const { icon: Icon, label } = orderStatusLook(each)
              return (
                <Menu.Item key={each} leftSection={<Icon size={15} />} onClick={() => onChange(each)}>
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

function Tab(props: { chosen: boolean; onClick: () => void; count?: number | undefined; children: string }) {
  return (
    <UnstyledButton className={classes.tab} aria-pressed={props.chosen} onClick={props.onClick}>
      {props.children}
      {props.count ? <span className={classes.tabCount}>{countLabel(props.count)}</span> : null}
    </UnstyledButton>
  )
}
