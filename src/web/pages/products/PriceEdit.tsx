// The selling price of a variant, changed where it stands (E4).
import { useQueryClient } from '@tanstack/react-query'
import type { Money } from '../../../domain/money.ts'
import { moneyText } from '../../../domain/money.ts'
import { call } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { t } from '../../i18n.ts'
import { EditableFigure } from '../../parts/EditableFigure.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { typedMoney } from './typed.ts'
import type { Variant } from './Variants.tsx'

export function PriceEdit({ variant }: { variant: Variant }) {
  const client = useQueryClient()
  const { business } = useMe()
  const currency = variant.priceIncVat?.currency ?? business.currency
  const save = async (priceIncVat: Money | null) => {
    await call('changeVariant', { params: { id: variant.id }, body: { priceIncVat } })
    await client.invalidateQueries({ predicate: ({ queryKey }) => touched.has(String(queryKey[0])) })
  }
  return (
    <EditableFigure<Money | null>
      label={t('product.editPrice', { sku: variant.sku })}
      value={variant.priceIncVat}
      toText={(price) => (price ? moneyText(price) : '')}
      fromText={(text) => {
        const price = typedMoney(text, currency)
        // No price at all is allowed, a price of nothing is not.
        return price && price.minor <= 0 ? undefined : price
      }}
      help={t('product.priceHelp')}
      wrong={t('product.priceWrong')}
      renderFigure={(price) => <MoneyText money={price} unknown={t('products.noPrice')} />}
      save={save}
      saved={t('product.priceSaved', { sku: variant.sku })}
    />
  )
}

const touched = new Set(['product', 'products', 'variants'])
