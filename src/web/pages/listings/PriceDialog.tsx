// One selling price, or one shipping price, for all that is selected.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { t } from '../../i18n.ts'
import { typedMoney } from '../products/typed.ts'
import type { ChosenProducts } from './chosen.ts'
import { useSayOfAll } from './use-say.ts'

type Props = {
  channelId: string
  chosen: ChosenProducts
  shown: string
  currency: string
  /** Why no shipping price is taken there; undefined where one is. */
  noShipping: string | undefined
  onClose: () => void
}

export function PriceDialog({ channelId, chosen, shown, currency, noShipping, onClose }: Props) {
  const [price, setPrice] = useState('')
  const [shipping, setShipping] = useState('')
  const priceIncVat = typedMoney(price, currency)
  const shippingExVat = typedMoney(shipping, currency)
  const priceWrong = priceIncVat === undefined || (priceIncVat !== null && priceIncVat.minor <= 0)
  const isNothing = !priceIncVat && !shippingExVat
  const saving = useSayOfAll({ channelId, chosen, done: 'listings.setPrice.done', onClose })
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
          if (priceWrong || shippingExVat === undefined || isNothing) return
          saving.mutate({ ...(priceIncVat ? { priceIncVat } : {}), ...(shippingExVat ? { shippingExVat } : {}) })
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
          {noShipping === undefined ? (
            <TextInput
              label={`${t('listings.setPrice.shipping')}, ${currency}`}
              inputMode="decimal"
              maxLength={20}
              value={shipping}
              error={shippingExVat === undefined ? t('listings.shippingWrong') : undefined}
              onChange={(event) => setShipping(event.currentTarget.value)}
            />
          ) : (
            <Text size="xs" c="dimmed">
              {noShipping}
            </Text>
          )}
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
