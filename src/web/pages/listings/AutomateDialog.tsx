// "Automate now": prices that were set by hand are given back to the pricing rules (F7).
import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import type { ChosenProducts } from './chosen.ts'
import { useSayOfAll } from './use-say.ts'

type Props = { channelId: string; chosen: ChosenProducts; shown: string; onClose: () => void }

/** Where pricing rules are made. */
const rulesPage = '/pricing'

export function AutomateDialog({ channelId, chosen, shown, onClose }: Props) {
  const router = useRouter()
  const { data } = useQuery(ask('pricingRules'))
  const on = data?.rules.filter(
    ({ active, rule }) => active && (rule.channelIds.length === 0 || rule.channelIds.includes(channelId)),
  ).length
  const automating = useSayOfAll({ channelId, chosen, done: 'listings.automate.done', onClose })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('listings.automate.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Stack>
        <Text size="sm">{t('listings.automate.text', { shown })}</Text>
        {on !== undefined && (
          <Text size="sm" fw={600} role="status">
            {on === 0 ? t('listings.automate.noRule') : t('listings.automate.rules', { count: on })}
          </Text>
        )}
        <Group justify="space-between">
          <Anchor
            href={rulesPage}
            size="sm"
            onClick={(event) => {
              event.preventDefault()
              router.history.push(rulesPage)
            }}
          >
            {t('listings.automate.make')}
          </Anchor>
          <Button
            data-autofocus
            loading={automating.isPending}
            onClick={() => automating.mutate({ priceIncVat: null })}
          >
            {t('listings.automate.confirm')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
