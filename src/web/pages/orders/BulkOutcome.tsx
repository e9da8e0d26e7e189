// How far the work on many orders is, and what became of each: what was not possible comes first, with its reason.
import { Button, Group, Modal, Progress, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconBan, IconCheck, IconClock } from '../../icons.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { StatusBadge, type StatusLook } from '../../parts/StatusBadge.tsx'
import classes from './orders.module.css'

const lookEveryMs = 700

export function BulkOutcome({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: bulk } = useQuery({
    ...ask('bulk', { params: { id } }),
    refetchInterval: ({ state }) => (state.data?.finished ? false : lookEveryMs),
  })
  const settled = (bulk?.done ?? 0) + (bulk?.refused ?? 0)
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={bulk ? t(`orders.bulk.action.${bulk.action}`) : t('common.loading')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {bulk && (
        <Stack>
          <Progress
            value={(100 * settled) / Math.max(1, bulk.total)}
            aria-label={t('orders.bulk.settledOf', { settled, total: bulk.total })}
          />
          <strong role="status">
            {bulk.finished
              ? t('orders.bulk.finished', { done: bulk.done, refused: bulk.refused })
              : t('orders.bulk.settledOf', { settled, total: bulk.total })}
          </strong>
          <ul className={classes.outcomes} aria-label={t('orders.bulk.outcomes')}>
            {bulk.outcomes.map(({ orderId, order, state, reason }) => (
              <li key={orderId}>
                <AnchorLink to="/orders/$id" params={{ id: orderId }} size="sm" onClick={onClose}>
                  {order || t('common.unknown')}
                </AnchorLink>
                <StatusBadge look={looks[state]} />
                <span>{reason}</span>
              </li>
            ))}
          </ul>
          {bulk.total > bulk.outcomes.length && (
            <span className={classes.quiet}>{t('orders.bulk.shown', { count: bulk.outcomes.length })}</span>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common.close')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}

const looks: Record<'waiting' | 'done' | 'refused', StatusLook> = {
  waiting: { icon: IconClock, tone: 'quiet', label: t('orders.bulk.state.waiting') },
  done: { icon: IconCheck, tone: 'good', label: t('orders.bulk.state.done') },
  refused: { icon: IconBan, tone: 'bad', label: t('orders.bulk.state.refused') },
}
