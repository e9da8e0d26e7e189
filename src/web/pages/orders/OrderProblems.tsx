// What needs a person on this order: what happened, with the button that solves it.
import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCheck } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { HrefButton } from '../../parts/HrefButton.tsx'
import { RelativeTime } from '../../parts/RelativeTime.tsx'
import type { Order } from './OrderPage.tsx'
import classes from './order.module.css'

export function OrderProblems({ problems, orderId }: { problems: Order['openProblems']; orderId: string }) {
  const client = useQueryClient()
  const settling = useMutation({
    mutationFn: (id: string) => call('closeProblem', { params: { id } }),
    onSuccess: () => tell(t('home.settled')),
    onError: tellRefusal,
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => ['order', 'orders', 'home'].includes(String(queryKey[0])),
      }),
  })
  if (problems.length === 0) return null
  return (
    <section className={classes.problems} aria-label={t('order.problems')}>
      <ul>
        {problems.map((problem) => (
          <li key={problem.id}>
            <IconAlertTriangle size={17} stroke={1.9} aria-hidden="true" />
            <div>
              {problem.text}{' '}
              <span className={classes.quiet}>
                <RelativeTime at={problem.openedAt} />
              </span>
            </div>
            <div className={classes.problemButtons}>
              {/* A button that only leads to this very page solves nothing here. */}
              {problem.action && problem.action.href !== `/orders/${orderId}` && (
                <HrefButton href={problem.action.href}>{problem.action.label}</HrefButton>
              )}
              <Button
                size="xs"
                variant="default"
                leftSection={<IconCheck size={14} aria-hidden="true" />}
                onClick={() => settling.mutate(problem.id)}
                loading={settling.isPending && settling.variables === problem.id}
              >
                {t('home.settle')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
