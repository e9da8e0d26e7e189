// The price of one variant over there: its own, or the automatic one, which shows through an empty field.
import { TextInput, Tooltip } from '@mantine/core'
import { useState } from 'react'
import type { Money } from '../../../domain/money.ts'
import { moneyText } from '../../../domain/money.ts'
import { moneyLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { typedMoney } from '../products/typed.ts'
import { useTyped } from './AttributeField.tsx'
import type { ChannelVariant } from './use-wizard.ts'
import classes from './wizard.module.css'

type Props = {
  variant: ChannelVariant
  currency: string
  fault: string | undefined
  onSave: (price: Money | null) => void
}

export function PriceField({ variant, currency, fault, onSave }: Props) {
  const { said, priceIncVat, priceFrom, sku } = variant
  const own = said.priceIncVat ? moneyText(said.priceIncVat) : ''
  const [text, setText] = useTyped(own)
  const [wrong, setWrong] = useState(false)
  const save = () => {
    const price = typedMoney(text, currency)
    const isWrong = price === undefined || price?.minor === 0
    setWrong(isWrong)
    if (isWrong || (price ? moneyText(price) : '') === own) return
    onSave(price)
  }
  const why = {
    own: t('wizard.products.own'),
    rule: t('wizard.products.autoRule'),
    variant: t('wizard.products.autoCatalogue'),
    none: t('wizard.products.autoNone'),
  }[priceFrom]
  const error = wrong ? t('wizard.products.priceWrong') : fault
  return (
    <Tooltip label={error ?? why} multiline maw={280} events={{ hover: true, focus: false, touch: false }}>
      <TextInput
        id={`price-${variant.variantId}`}
        size="xs"
        classNames={{ root: classes.price ?? '', input: classes.priceInput ?? '' }}
        aria-label={t('wizard.products.priceOf', { sku })}
        aria-description={error ?? why}
        value={text}
        placeholder={priceFrom === 'own' || !priceIncVat ? '' : moneyLabel(priceIncVat)}
        error={error !== undefined}
        inputMode="decimal"
        maxLength={20}
        rightSectionWidth={text === '' ? 38 : 0}
        rightSection={
          text === '' && priceIncVat ? <span className={classes.auto}>{t('wizard.products.auto')}</span> : null
        }
        onChange={(event) => {
          setText(event.currentTarget.value)
          setWrong(false)
        }}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') save()
          if (event.key === 'Escape') setText(own)
        }}
      />
    </Tooltip>
  )
}
