// A product as it would go: title, price, stock and what stands against it; + opens its variations.
import { ActionIcon, Button } from '@mantine/core'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconClock, IconMinus, IconPlus } from '../../icons.ts'
import { MoneyText } from '../../parts/MoneyText.tsx'
import type { StatusLook } from '../../parts/StatusBadge.tsx'
import { StatusBadge } from '../../parts/StatusBadge.tsx'
import { ThumbCell } from '../../parts/ThumbCell.tsx'
import { PriceField } from './PriceField.tsx'
import { TitleField } from './TitleField.tsx'
import type { Attribute, ChannelProduct, Fault, Limits, Saying } from './use-wizard.ts'
import { VariationRow } from './VariationRow.tsx'
import classes from './wizard.module.css'

type Props = {
  product: ChannelProduct
  attributes: Attribute[]
  limits: Limits | undefined
  currency: string
  /** Undefined: not checked yet. */
  faults: Fault[] | undefined
  isOpen: boolean
  onToggle: () => void
  onEdit: () => void
  say: (said: Saying) => void
}

export function ProductRow(props: Props) {
  const { product, attributes, limits, currency, faults, isOpen, onToggle, onEdit, say } = props
  const { productId, own, title, variants } = product
  const [only] = variants
  const isSingle = variants.length === 1 && only !== undefined
  const included = variants.filter(({ said }) => said.included).length
  const ofProduct = faults?.filter(({ channelSku }) => isSingle || channelSku === undefined)
  const faultAt = (field: Fault['field']) => ofProduct?.find((fault) => fault.field === field)?.message
  return (
    <div role="rowgroup" className={classes.product}>
      <div role="row" className={classes.row}>
        <div role="cell" className={classes.cell}>
          {isSingle ? (
            <span className={classes.noToggle} />
          ) : (
            <ActionIcon
              variant="default"
              size="sm"
              aria-expanded={isOpen}
              aria-label={t('wizard.products.open', { name: own.title })}
              onClick={onToggle}
            >
              {isOpen ? <IconMinus size={13} /> : <IconPlus size={13} />}
            </ActionIcon>
          )}
          <ThumbCell
            imageUrl={own.images[0] ?? null}
            title={own.title}
            code={isSingle ? only.sku : t('wizard.products.includedCount', { included, count: variants.length })}
          />
        </div>
        <div role="cell" data-label={t('wizard.products.head.title')}>
          <TitleField
            id={`title-${productId}`}
            label={t('wizard.products.titleOf', { name: own.title })}
            value={title}
            max={limits?.titleMax}
            fault={faultAt('title')}
            onSave={(next) => say({ product: { title: next } })}
          />
        </div>
        <div role="cell" className={classes.right} data-label={t('wizard.products.head.price')}>
          {isSingle ? (
            <PriceField
              variant={only}
              currency={currency}
              fault={faultAt('price')}
              onSave={(priceIncVat) => say({ variants: [{ variantId: only.variantId, priceIncVat }] })}
            />
          ) : (
            <PriceRange product={product} />
          )}
        </div>
        <div role="cell" className={classes.right} data-label={t('wizard.products.head.stock')}>
          <Stock product={product} />
        </div>
        <div role="cell" className={classes.checkCell}>
          <StatusBadge
            look={lookOf(product, faults)}
            why={
              faults?.[0] &&
              faults
                .map(({ message }) => message)
                .slice(0, 3)
                .join(' ')
            }
          />
          <Button
            id={`edit-${productId}`}
            variant="subtle"
            size="compact-xs"
            aria-label={`${t('wizard.edit')}: ${own.title}`}
            onClick={onEdit}
          >
            {t('wizard.edit')}
          </Button>
        </div>
      </div>
      {isOpen &&
        !isSingle &&
        variants.map((variant) => (
          <VariationRow
            key={variant.variantId}
            variant={variant}
            keys={keysThatTellApart(product, attributes, limits)}
            currency={currency}
            faults={faults?.filter(({ channelSku }) => channelSku === variant.sku) ?? []}
            titleMax={limits?.variationsMax === 1 ? limits.titleMax : undefined}
            say={(said) => say({ variants: [{ variantId: variant.variantId, ...said }] })}
          />
        ))}
    </div>
  )
}

/** What the variations are told apart by: what they have, what must be had, and what some lack. */
function keysThatTellApart(product: ChannelProduct, attributes: Attribute[], limits: Limits | undefined): Attribute[] {
  const isTold = attributes.filter(({ isVariation }) => isVariation)
  const had = [...new Set(product.variants.flatMap((variant) => Object.keys(variant.attributes)))]
  const own = had.map((key): Attribute => isTold.find((one) => one.key === key) ?? plainAttribute(key))
  const required = isTold.filter(({ key, isRequired }) => isRequired && !had.includes(key) && !product.attributes[key])
  const all = [...own, ...required]
  if (all.length > 0) return all
  return isTold.slice(0, limits?.variationsMax === 1 ? 0 : Math.min(2, limits?.variationAttributesMax ?? 1))
}

function plainAttribute(key: string): Attribute {
  return { key, label: key, isRequired: false, isVariation: true, isMultiple: false, takesOwnText: true }
}

function PriceRange({ product }: { product: ChannelProduct }) {
  const prices = product.variants.flatMap(({ said, priceIncVat }) => (said.included && priceIncVat ? priceIncVat : []))
  const sorted = prices.toSorted((one, other) => one.minor - other.minor)
  const [low] = sorted
  const high = sorted.at(-1)
  if (!low || !high) return <MoneyText money={null} />
  return (
    <span className="figure">
      <MoneyText money={low} />
      {low.minor !== high.minor && (
        <>
          {' – '}
          <MoneyText money={high} />
        </>
      )}
    </span>
  )
}

function Stock({ product }: { product: ChannelProduct }) {
  const included = product.variants.filter(({ said }) => said.included)
  const isUnknown = included.some(({ quantity }) => quantity === null)
  if (isUnknown) return <span className={classes.quiet}>{t('wizard.products.unknownStock')}</span>
  return <span className="figure">{included.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0)}</span>
}

function lookOf({ lastChange }: ChannelProduct, faults: Fault[] | undefined): StatusLook {
  if (lastChange && openStates.has(lastChange.state))
    return { icon: IconClock, tone: 'info', label: t('wizard.products.inReview') }
  if (!faults) return { icon: IconCircleDashed, tone: 'quiet', label: t('wizard.products.notChecked') }
  if (faults.length === 0) return { icon: IconCircleCheck, tone: 'good', label: t('wizard.products.ready') }
  return { icon: IconAlertTriangle, tone: 'bad', label: t('wizard.products.faults', { count: faults.length }) }
}

const openStates = new Set(['waiting', 'in-flight', 'unclear', 'in-review'])
