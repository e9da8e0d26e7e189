// Moving what has not left to other suppliers: every line with those who could fill it side by side, and what the choice
// comes to before it is done (D4).
import { Badge, Button, Group, Modal, Radio, Skeleton, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { IconArrowsExchange, IconBan } from '../../icons.ts'
import { tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { RerouteOutcome } from './RerouteOutcome.tsx'
import classes from './reroute.module.css'

export type RoutingPlan = Answer<'orderRouting'>
type Line = RoutingPlan['lines'][number]
/** The offer chosen for each line, by component. */
type Chosen = Record<string, string>

export function RerouteButton({ orderId }: { orderId: string }) {
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconArrowsExchange size={15} aria-hidden="true" />}
        onClick={open}
      >
        {t('routing.open')}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        size={880}
        title={t('routing.title')}
        closeButtonProps={{ 'aria-label': t('common.close') }}
      >
        <Choices orderId={orderId} onClose={close} />
      </Modal>
    </>
  )
}

function Choices({ orderId, onClose }: { orderId: string; onClose: () => void }) {
  // As it stands at this moment, not as it stood when it was looked at last.
  const { data, error, refetch } = useQuery({
    ...ask('orderRouting', { params: { id: orderId } }),
    gcTime: 0,
    retry: false,
  })
  if (error) return <ErrorState error={error} title={t('routing.notLoaded')} onRetry={() => void refetch()} />
  if (!data) return <Skeleton height={260} radius="md" aria-busy="true" />
  return <ChoiceForm key={data.seen} plan={data} orderId={orderId} onClose={onClose} />
}

function ChoiceForm({ plan, orderId, onClose }: { plan: RoutingPlan; orderId: string; onClose: () => void }) {
  const client = useQueryClient()
  const [chosen, setChosen] = useState<Chosen>({})
  const placements = plan.lines.flatMap(({ componentId, offerId }) => {
    const wanted = chosen[componentId]
    return wanted === undefined || wanted === offerId ? [] : [{ componentId, offerId: wanted }]
  })
  const wish = { placements, seen: plan.seen }
  const outcome = useQuery({
    queryKey: ['rerouteOrder', orderId, wish],
    queryFn: () => call('rerouteOrder', { params: { id: orderId }, body: { ...wish, preview: true } }),
    enabled: placements.length > 0,
    retry: false,
    gcTime: 0,
  })
  const moving = useMutation({
    mutationFn: () => call('rerouteOrder', { params: { id: orderId }, body: { ...wish, preview: false } }),
    onSuccess: async () => {
      tell(t('routing.moved'))
      onClose()
      await client.invalidateQueries({ predicate: ({ queryKey }) => touched.has(String(queryKey[0])) })
    },
  })
  const suggested = Object.fromEntries(
    plan.lines.flatMap((line) => (line.suggestedId === null ? [] : [[line.componentId, line.suggestedId]])),
  )
  const refused = moving.error ?? outcome.error
  return (
    <>
      <Text size="sm" c="dimmed">
        {t('routing.lead')}
      </Text>
      <div className={classes.lines}>
        {plan.lines.map((line) => (
          <LineChoices
            key={line.componentId}
            line={line}
            chosen={chosen[line.componentId] ?? line.offerId}
            onChange={(offerId) => setChosen({ ...chosen, [line.componentId]: offerId })}
          />
        ))}
      </div>
      {/* Keeps its place, so that the buttons do not jump. */}
      <div className={classes.outcome} aria-live="polite">
        {refused ? (
          <ErrorState error={refused} title={t('routing.cannot')} />
        ) : (
          <RerouteOutcome plan={placements.length > 0 ? outcome.data : undefined} />
        )}
      </div>
      <Group justify="space-between" mt="md">
        <Group gap="xs">
          <Button variant="subtle" onClick={() => setChosen(suggested)}>
            {t('routing.useSuggested')}
          </Button>
          {placements.length > 0 && (
            <Button variant="subtle" color="gray" onClick={() => setChosen({})}>
              {t('routing.reset')}
            </Button>
          )}
        </Group>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button
            disabled={placements.length === 0 || !outcome.data || outcome.isFetching}
            loading={moving.isPending}
            onClick={() => moving.mutate()}
          >
            {t('routing.move', { count: placements.length })}
          </Button>
        </Group>
      </Group>
    </>
  )
}

const touched = new Set(['order', 'orders', 'orderRouting', 'purchaseOrders', 'home', 'supplier', 'suppliers'])

type LineProps = { line: Line; chosen: string | null; onChange: (offerId: string) => void }

function LineChoices({ line, chosen, onChange }: LineProps) {
  return (
    <Radio.Group
      value={chosen ?? ''}
      onChange={onChange}
      label={
        <>
          <span className="figure">{countLabel(line.quantity)} ×</span> <span className="code">{line.sku}</span>{' '}
          <span className={classes.quiet}>
            {line.title}
            {line.purchaseOrder && ` · ${t('routing.onOrder', { number: line.purchaseOrder })}`}
          </span>
        </>
      }
    >
      {line.offerId === null && line.choices.every((choice) => choice.refusal !== null) && (
        <Text size="sm" c="dimmed">
          {t('routing.stays')}
        </Text>
      )}
      <div className={classes.choices}>
        {line.choices.map((choice) => (
          <ChoiceCard key={choice.offerId} choice={choice} line={line} />
        ))}
      </div>
    </Radio.Group>
  )
}

function ChoiceCard({ choice, line }: { choice: Line['choices'][number]; line: Line }) {
  return (
    <Radio
      className={classes.choice}
      value={choice.offerId}
      disabled={choice.refusal !== null && choice.offerId !== line.offerId}
      label={
        <span className={classes.card}>
          <span className={classes.who}>
            <strong>{choice.supplierName}</strong>
            {choice.offerId === line.offerId && <Badge size="xs">{t('routing.now')}</Badge>}
            {choice.offerId === line.suggestedId && choice.offerId !== line.offerId && (
              <Badge size="xs" variant="light">
                {t('routing.suggested')}
              </Badge>
            )}
          </span>
          <span className={classes.cost}>
            <MoneyText money={choice.landed} />
          </span>
          <span className={classes.quiet}>
            {choice.refusal ? (
              <>
                <IconBan size={13} aria-hidden="true" /> {t(`routing.refusals.${choice.refusal}`)}
              </>
            ) : (
              t('routing.available', { count: choice.available ?? 0 })
            )}
          </span>
        </span>
      }
    />
  )
}
