// Where a pair is put together: the listing chosen on the left sells what was chosen on the right, in these quantities.
import { Button, CloseButton, NumberInput } from '@mantine/core'
import type { RowOf } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconArrowRight, IconLinkOff, IconLinkPlus } from '../../icons.ts'
import { WhyButton } from '../../parts/WhyButton.tsx'
import type { Component, Draft } from './drafts.ts'
import { componentsLabel } from './drafts.ts'
import classes from './mapping.module.css'

type Props = {
  listing: RowOf<'listings'> | undefined
  draft: Draft | undefined
  basket: Component[]
  onBasket: (basket: Component[]) => void
  onMap: () => void
  onUnlink: () => void
}

const quantityMax = 100_000

export function Composer({ listing, draft, basket, onBasket, onMap, onUnlink }: Props) {
  const current = draft ? draft.components : (listing?.mapping ?? null)
  const missing = !listing
    ? basket.length
      ? t('mapping.chooseLeft')
      : t('mapping.chooseBoth')
    : basket.length
      ? undefined
      : t('mapping.chooseRight')
  return (
    <div
      className={classes.composer}
      data-idle={(!listing && basket.length === 0) || undefined}
      role="region"
      aria-label={t('mapping.mapThem')}
    >
      <div className={classes.pairing}>
        {listing ? (
          <span className={classes.piece}>
            <span className="code">{listing.channelSku ?? t('mapping.noSku')}</span>
            <span className="ellipsis">{listing.title}</span>
          </span>
        ) : null}
        {listing && basket.length > 0 && <IconArrowRight size={16} aria-label={t('mapping.sellsWord')} />}
        {basket.map((component) => (
          <Piece
            key={component.variantId}
            component={component}
            onQuantity={(quantity) =>
              onBasket(basket.map((each) => (each.variantId === component.variantId ? { ...each, quantity } : each)))
            }
            onTake={() => onBasket(basket.filter(({ variantId }) => variantId !== component.variantId))}
          />
        ))}
        <span className={classes.hint} aria-live="polite">
          {missing ?? (current ? t('mapping.replaces', { before: componentsLabel(current) }) : '')}
        </span>
      </div>
      <div className={classes.composerButtons}>
        {current && (
          <Button variant="default" leftSection={<IconLinkOff size={16} aria-hidden="true" />} onClick={onUnlink}>
            {t('mapping.unlink')}
          </Button>
        )}
        <WhyButton why={missing} leftSection={<IconLinkPlus size={16} aria-hidden="true" />} onClick={onMap}>
          {t('mapping.mapThem')}
        </WhyButton>
      </div>
    </div>
  )
}

function Piece({
  component,
  onQuantity,
  onTake,
}: {
  component: Component
  onQuantity: (quantity: number) => void
  onTake: () => void
}) {
  return (
    <span className={classes.piece}>
      <NumberInput
        size="xs"
        w={64}
        min={1}
        max={quantityMax}
        allowDecimal={false}
        clampBehavior="strict"
        aria-label={t('mapping.quantityOf', { sku: component.sku })}
        value={component.quantity}
        onChange={(value) => onQuantity(Math.max(1, Number(value) || 1))}
      />
      <span aria-hidden="true">×</span>
      <span className="code" title={component.title}>
        {component.sku}
      </span>
      <CloseButton size="sm" aria-label={t('mapping.take', { sku: component.sku })} onClick={onTake} />
    </span>
  )
}
