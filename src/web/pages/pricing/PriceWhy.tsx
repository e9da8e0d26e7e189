// "How is this price made?": where the price of a listing is from, line by line (F7). `PriceWhy` is a button with the answer
// beside it, for tables and pages; `PriceArithmetic` is the answer alone.
import { Button, Popover, Skeleton, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { moneyLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import { ApprovePrice } from './ApprovePrice.tsx'
import { Ledger, Split } from './Ledger.tsx'
import classes from './pricing.module.css'

type ListingPrice = Answer<'explainPrice'>

/** `children`: what is pressed, such as the price itself; without them a button of its own. */
export function PriceWhy({ listingId, title, children }: { listingId: string; title: string; children?: ReactNode }) {
  const [opened, setOpened] = useState(false)
  const label = t('pricing.why.of', { title })
  const toggle = () => setOpened(!opened)
  return (
    <Popover
      opened={opened}
      onChange={setOpened}
      width="min(560px, calc(100vw - 24px))"
      position="bottom-end"
      // Never beyond the edge of the window: what has no room scrolls.
      middlewares={{ flip: true, shift: true, size: true }}
      shadow="md"
      trapFocus
      returnFocus
    >
      <Popover.Target>
        {children === undefined ? (
          <Button size="xs" variant="default" onClick={toggle} data-keeps-click>
            {t('pricing.why.button')} <VisuallyHidden>{title}</VisuallyHidden>
          </Button>
        ) : (
          <UnstyledButton className={classes.why} title={label} onClick={toggle} data-keeps-click>
            <VisuallyHidden>{label} </VisuallyHidden>
            {children}
          </UnstyledButton>
        )}
      </Popover.Target>
      <Popover.Dropdown aria-label={label} data-keeps-click tabIndex={0} className={classes.whyBox}>
        {opened && <PriceArithmetic listingId={listingId} onAsk={() => setOpened(false)} />}
      </Popover.Dropdown>
    </Popover>
  )
}

/** `onAsk`: what is open around it can go, for a question comes over it. */
export function PriceArithmetic({ listingId, onAsk }: { listingId: string; onAsk?: () => void }) {
  const { data, error, refetch } = useQuery({ ...ask('explainPrice', { params: { id: listingId } }), staleTime: 0 })
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton height={220} aria-busy="true" />
  return (
    <div className={classes.arithmetic}>
      <div>
        <Text fw={600} size="sm">
          {data.title}
        </Text>
        <Text size="sm" c="dimmed">
          {data.channelName}
        </Text>
      </div>
      <p className={classes.sentence}>{data.sentence}</p>
      <dl className={classes.facts}>
        <dt>{t('pricing.why.shows')}</dt>
        <dd>
          <MoneyText money={data.shows} />
        </dd>
        <dt>{t('pricing.why.should')}</dt>
        <dd>
          <MoneyText money={data.desired} unknown={t('pricing.why.none')} />
        </dd>
      </dl>
      {data.waitsForPerson && (
        <div>
          <ApprovePrice price={data} {...(onAsk ? { onAsk } : {})} />
        </div>
      )}
      {data.approval && (
        <Text size="sm" c="dimmed">
          {t('pricing.why.approval', { by: data.approval.by, price: moneyLabel(data.approval.downTo) })}{' '}
          <RelativeTime at={data.approval.at} />
        </Text>
      )}
      {data.components.map((part) => (
        <Component key={part.variantId} part={part} />
      ))}
      {data.split && <Split split={data.split} />}
      {!data.split && data.unknown && <p className={classes.quiet}>{t(`pricing.why.unknown.${data.unknown}`)}</p>}
    </div>
  )
}

function Component({ part }: { part: ListingPrice['components'][number] }) {
  const label = t('pricing.why.quantity', { count: part.quantity, sku: part.sku })
  return (
    <section aria-label={label}>
      <div className={classes.partHead}>
        <span>
          <strong>{label}</strong> <span className={classes.quiet}>{part.title}</span>
        </span>
        <span className={classes.quiet}>
          {part.rule ? (
            <AnchorLink to="/pricing/$id" params={{ id: part.rule.id }} size="sm">
              {t(part.rule.active ? 'pricing.why.rule' : 'pricing.why.ruleOff', part.rule)}
            </AnchorLink>
          ) : (
            t(`pricing.why.${part.from === 'own' ? 'own' : part.from === 'variant' ? 'variant' : 'none'}`)
          )}
          {part.computedAt && (
            <>
              {', '}
              {t('pricing.why.computed')} <RelativeTime at={part.computedAt} />
            </>
          )}
        </span>
      </div>
      <Ledger label={label} lines={part.lines} price={part.price} />
    </section>
  )
}
