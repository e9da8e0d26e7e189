// One selling price, or one shipping price, for all that is selected.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { call } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { typedMoney } from '../products/typed.ts'
import type { ChosenProducts } from './chosen.ts'

type Props = { channelId: string; chosen: ChosenProducts; shown: string; currency: string; onClose: () => void }

export function PriceDialog({ channelId, chosen, shown, currency, onClose }: Props) {
  const client = useQueryClient()
  const [price, setPrice] = useState('')
  const [shipping, setShipping] = useState('')
  const priceIncVat = typedMoney(price, currency)
  const shippingExVat = typedMoney(shipping, currency)
  const priceWrong = priceIncVat === undefined || (priceIncVat !== null && priceIncVat.minor <= 0)
  const isNothing = !priceIncVat && !shippingExVat
  const saving = useMutation({
    mutationFn: () =>
      call('sayForChannel', {
        params: { id: channelId },
        body: {
          chosen,
          allVariants: { ...(priceIncVat ? { priceIncVat } : {}), ...(shippingExVat ? { shippingExVat } : {}) },
        },
      }),
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
      title={t('listings.setPrice.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!priceWrong && shippingExVat !== undefined && !isNothing) saving.mutate()
        }}
      >
        <Stack>
          <Text size="sm">{t('listings.setPrice.text', { shown })}</Text>
          <TextInput
            data-autofocus
            label={`${t('listings.setPrice.price')}, ${currency}`}
            inputMode="decimal"
            maxLength={20}
            value={price}
            error={priceWrong ? t('listings.priceWrong') : undefined}
            onChange={(event) => setPrice(event.currentTarget.value)}
          />
          <TextInput
            label={`${t('listings.setPrice.shipping')}, ${currency}`}
            inputMode="decimal"
            maxLength={20}
            value={shipping}
            error={shippingExVat === undefined ? t('listings.shippingWrong') : undefined}
            onChange={(event) => setShipping(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button
              type="submit"
              loading={saving.isPending}
              disabled={priceWrong || shippingExVat === undefined || isNothing}
            >
              {t('listings.setPrice.confirm')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
