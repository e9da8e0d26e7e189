// "Automate now": prices that were set by hand are given back to the pricing rules (F7).
import { Anchor, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { ask, call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import type { ChosenProducts } from './chosen.ts'

type Props = { channelId: string; chosen: ChosenProducts; shown: string; onClose: () => void }

/** Where pricing rules are made. */
const rulesPage = '/pricing'

export function AutomateDialog({ channelId, chosen, shown, onClose }: Props) {
  const client = useQueryClient()
  const router = useRouter()
  const { data } = useQuery(ask('pricingRules'))
  const on = data?.rules.filter(
    ({ active, rule }) => active && (rule.channelIds.length === 0 || rule.channelIds.includes(channelId)),
  ).length
  const automating = useMutation({
    mutationFn: () =>
      call('sayForChannel', { params: { id: channelId }, body: { chosen, allVariants: { priceIncVat: null } } }),
    onSuccess: async ({ products, variants }) => {
      onClose()
      tell(t('listings.setPrice.done', { products: countLabel(products), variants: countLabel(variants) }))
      await client.invalidateQueries({ queryKey: ['gridProducts'] })
      await client.invalidateQueries({ queryKey: ['gridChildren'] })
    },
    onError: tellRefusal,
  })
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
          <Button data-autofocus loading={automating.isPending} onClick={() => automating.mutate()}>
            {t('listings.automate.confirm')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
