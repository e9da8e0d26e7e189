// One variation: whether it goes, what tells it apart, its price, and what stands against it alone.
import { Checkbox } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCircleCheck, IconMinus } from '../../icons.ts'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { AttributeField } from './AttributeField.tsx'
import { PriceField } from './PriceField.tsx'
import { TitleField } from './TitleField.tsx'
import type { Attribute, ChannelVariant, Fault, Saying } from './use-wizard.ts'
import classes from './wizard.module.css'

type Props = {
  variant: ChannelVariant
  keys: Attribute[]
  currency: string
  faults: Fault[]
  /** Where each is a listing of its own, with its own title. */
  titleMax: number | undefined
  say: (said: Omit<NonNullable<Saying['variants']>[number], 'variantId'>) => void
}

export function VariationRow({ variant, keys, currency, faults, titleMax, say }: Props) {
  const { sku, said, ownTitle } = variant
  const faultAt = (field: Fault['field'], attribute?: string) =>
    faults.find((fault) => fault.field === field && fault.attribute === attribute)?.message
  return (
    <div role="row" className={`${classes.row} ${classes.variation}`} data-out={!said.included || undefined}>
      <div role="cell" className={classes.cell}>
        <Checkbox
          size="xs"
          aria-label={t('wizard.products.included', { sku })}
          checked={said.included}
          onChange={(event) => say({ included: event.currentTarget.checked })}
        />
        <span className={classes.variationName}>
          <span className="ellipsis">{ownTitle === '' ? t('wizard.products.only') : ownTitle}</span>
          <span className={`code ${classes.quiet}`}>{sku}</span>
        </span>
      </div>
      <div role="cell" className={classes.apart}>
        {titleMax !== undefined && (
          <TitleField
            id={`title-${variant.variantId}`}
            label={t('wizard.products.titleOf', { name: sku })}
            value={variant.title}
            max={titleMax}
            fault={faultAt('title')}
            onSave={(title) => say({ title })}
          />
        )}
        {keys.map((attribute) => (
          <label key={attribute.key} className={classes.told}>
            <span>{attribute.label}</span>
            <AttributeField
              id={`attribute-${variant.variantId}-${attribute.key}`}
              attribute={attribute}
              bare={`${attribute.label}: ${sku}`}
              value={variant.attributes[attribute.key] ?? ''}
              error={faultAt('attribute', attribute.key) !== undefined}
              onSave={(value) => say({ attributes: { [attribute.key]: value } })}
            />
          </label>
        ))}
      </div>
      <div role="cell" className={classes.right} data-label={t('wizard.products.head.price')}>
        <PriceField
          variant={variant}
          currency={currency}
          fault={faultAt('price')}
          onSave={(priceIncVat) => say({ priceIncVat })}
        />
      </div>
      <div role="cell" className={classes.right} data-label={t('wizard.products.head.stock')}>
        {variant.quantity === null ? (
          <span className={classes.quiet}>{t('wizard.products.unknownStock')}</span>
        ) : (
          <span className="figure">{variant.quantity}</span>
        )}
      </div>
      <div role="cell" className={classes.variationFaults}>
        {!said.included ? (
          <StatusBadge plain look={{ icon: IconMinus, tone: 'quiet', label: t('wizard.products.leftOut') }} />
        ) : faults.length === 0 ? (
          <StatusBadge plain look={{ icon: IconCircleCheck, tone: 'good', label: t('wizard.products.ready') }} />
        ) : (
          faults.map(({ message }) => (
            <span key={message} className={classes.fault}>
              <IconAlertTriangle size={13} aria-hidden="true" /> {message}
            </span>
          ))
        )}
      </div>
    </div>
  )
}
