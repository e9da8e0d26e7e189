// The rules in their order: what each is for and does, how many prices it made, and its switch. The handle moves a rule, by
// dragging or with the arrow keys.
import { ActionIcon, Switch, Table, Text, Tooltip, VisuallyHidden } from '@mantine/core'
import type { KeyboardEvent } from 'react'
import { useEffect, useRef } from 'react'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconClockPause, IconGripVertical, IconTrash } from '../../icons.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import classes from './pricing.module.css'
import type { Rule } from './rule-words.ts'
import { channelsText, ruleSentence, scopeText } from './rule-words.ts'
import { useOrder } from './use-order.ts'

type Props = { rules: Rule[]; isSwitching: boolean; onSwitch: (rule: Rule) => void; onDelete: (rule: Rule) => void }

export function RulesTable({ rules, ...row }: Props) {
  const order = useOrder(rules)
  return (
    <>
      <Table fz="sm" verticalSpacing={7} aria-label={t('pricing.title')} className={classes.rules}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={64}>{t('pricing.columns.order')}</Table.Th>
            <Table.Th>{t('pricing.columns.rule')}</Table.Th>
            <Table.Th visibleFrom="sm" w="22%">
              {t('pricing.columns.scope')}
            </Table.Th>
            <Table.Th visibleFrom="sm" ta="right" w={90}>
              {t('pricing.columns.prices')}
            </Table.Th>
            <Table.Th visibleFrom="sm" w={104}>
              {t('pricing.columns.held')}
            </Table.Th>
            <Table.Th w={104}>{t('pricing.columns.state')}</Table.Th>
            <Table.Th w={44}>
              <VisuallyHidden>{t('pricing.columns.changing')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {order.ordered.map((rule, place) => (
            <RuleRow key={rule.id} rule={rule} place={place} order={order} {...row} />
          ))}
        </Table.Tbody>
      </Table>
      <VisuallyHidden aria-live="polite">{order.said}</VisuallyHidden>
    </>
  )
}

type RowProps = Omit<Props, 'rules'> & { rule: Rule; place: number; order: ReturnType<typeof useOrder> }

function RuleRow({ rule, place, order, isSwitching, onSwitch, onDelete }: RowProps) {
  const { name } = rule.rule
  const counted = countLabel({ value: rule.prices, more: rule.prices >= countMax })
  const scope = `${channelsText(rule)} · ${scopeText(rule)}`
  return (
    <Table.Tr data-rule={rule.id}>
      <Table.Td>
        <span className={classes.place}>
          <Handle rule={rule} place={place} order={order} />
          <span className="figure">{place + 1}</span>
        </span>
      </Table.Td>
      <Table.Td>
        <AnchorLink to="/pricing/$id" params={{ id: rule.id }} fw={550} size="sm">
          {name}
        </AnchorLink>
        <Text size="xs" c="dimmed">
          {ruleSentence(rule.rule, rule.names.shippingService)}
        </Text>
        {/* A phone has no room for columns of their own. */}
        <Text hiddenFrom="sm" size="xs" c="dimmed" component="div">
          {scope}. {t('pricing.pricesMade', { count: rule.prices, counted })} <Held rule={rule} />
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <div>{channelsText(rule)}</div>
        <Text size="xs" c="dimmed">
          {scopeText(rule)}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" ta="right" className="figure">
        {counted}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Held rule={rule} none={t('pricing.heldNone')} />
      </Table.Td>
      <Table.Td>
        <Tooltip label={t('pricing.offNote')} disabled={rule.active}>
          <Switch
            checked={rule.active}
            disabled={isSwitching}
            aria-label={t('pricing.switch', { name })}
            label={t(rule.active ? 'common.on' : 'common.off')}
            onChange={() => onSwitch(rule)}
          />
        </Tooltip>
      </Table.Td>
      <Table.Td>
        <Tooltip label={t('pricing.delete', { name })}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('pricing.delete', { name })}
            onClick={() => onDelete(rule)}
          >
            <IconTrash size={15} />
          </ActionIcon>
        </Tooltip>
      </Table.Td>
    </Table.Tr>
  )
}

/** What the hub counts up to. */
const countMax = 10_000

function Held({ rule: { held }, none }: { rule: Rule; none?: string }) {
  if (held === 0) return none ? <span className={classes.quiet}>{none}</span> : null
  const label = t('pricing.heldOf', { count: held, counted: countLabel(held) })
  return <StatusBadge look={{ icon: IconClockPause, tone: 'wait', label }} why={t('pricing.heldWhy')} plain />
}

function Handle({ rule, place, order }: Pick<RowProps, 'rule' | 'place' | 'order'>) {
  const button = useRef<HTMLButtonElement>(null)
  const latest = useRef(order)
  useEffect(() => {
    latest.current = order
  })
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (by === undefined) return
    event.preventDefault()
    order.move(rule.id, place + by)
  }
  const begin = () => {
    order.hold()
    // Listened to on the whole page: the row itself moves under the hand.
    const onMove = (event: PointerEvent) => {
      const rows = [...(button.current?.closest('tbody')?.querySelectorAll('tr[data-rule]') ?? [])]
      const under = rows.findIndex((row) => {
        const { top, bottom } = row.getBoundingClientRect()
        return event.clientY >= top && event.clientY < bottom
      })
      if (under >= 0) latest.current.move(rule.id, under)
    }
    const ended = new AbortController()
    const end = () => {
      ended.abort()
      latest.current.letGo()
    }
    document.addEventListener('pointermove', onMove, { signal: ended.signal })
    document.addEventListener('pointerup', end, { signal: ended.signal })
    document.addEventListener('pointercancel', end, { signal: ended.signal })
  }
  return (
    <button
      ref={button}
      type="button"
      className={classes.handle}
      aria-label={t('pricing.move', { name: rule.rule.name })}
      onKeyDown={onKeyDown}
      onPointerDown={begin}
    >
      <IconGripVertical size={16} stroke={1.6} aria-hidden="true" />
    </button>
  )
}
