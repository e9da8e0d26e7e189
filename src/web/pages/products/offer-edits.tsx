// Stock and cost of an offer, entered by hand where they stand (E1). A figure left empty is unknown, which is not 0.
import { useQueryClient } from '@tanstack/react-query'
import type { Money } from '../../../domain/money.ts'
import { moneyText } from '../../../domain/money.ts'
import type { RowOf } from '../../api.ts'
import { call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { EditableFigure } from '../../parts/EditableFigure.tsx'
import { MoneyText } from '../../parts/MoneyText.tsx'
import { Available } from './Available.tsx'
import { typedCount, typedMoney } from './typed.ts'

export type Offer = RowOf<'offers'>

const touched = new Set(['offers', 'product', 'products', 'variants', 'suppliers', 'supplier'])

function useChangeOffer(offer: Offer) {
  const client = useQueryClient()
  return async (body: { onHand?: number | null; costExVat?: Money | null }) => {
    await call('changeOffer', { params: { id: offer.id }, body })
    await client.invalidateQueries({ predicate: ({ queryKey }) => touched.has(String(queryKey[0])) })
  }
}

export function OnHandEdit({ offer }: { offer: Offer }) {
  const change = useChangeOffer(offer)
  const names = { sku: offer.sku, supplier: offer.supplierName }
  return (
    <EditableFigure<number | null>
      label={t('offer.editOnHand', names)}
      value={offer.onHand}
      toText={(count) => (count === null ? '' : String(count))}
      fromText={typedCount}
      help={t('offer.onHandHelp')}
      wrong={t('offer.onHandWrong')}
      renderFigure={(count) => <Available count={count} />}
      save={(onHand) => change({ onHand })}
      saved={t('offer.onHandSaved', names)}
    />
  )
}

export function CostEdit({ offer, currency }: { offer: Offer; currency: string }) {
  const change = useChangeOffer(offer)
  const names = { sku: offer.sku, supplier: offer.supplierName }
  return (
    <EditableFigure<Money | null>
      label={t('offer.editCost', names)}
      value={offer.costExVat}
      toText={(cost) => (cost ? moneyText(cost) : '')}
      fromText={(text) => typedMoney(text, offer.costExVat?.currency ?? currency)}
      help={t('offer.costHelp')}
      wrong={t('offer.costWrong')}
      renderFigure={(cost) => <MoneyText money={cost} unknown={t('offer.unknownCost')} />}
      save={(costExVat) => change({ costExVat })}
      saved={t('offer.costSaved', names)}
    />
  )
}
