// Listing, updating and deleting chosen products (F4 to F6): all steps on one page, checked as they are filled in.
import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { countLabel } from '../../format.ts'
import { t } from '../../i18n.ts'
import { EmptyState } from '../../parts/EmptyState.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { HrefButton } from '../../parts/HrefButton.tsx'
import { AnchorLink, ButtonLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import type { Chosen } from '../listings/chosen.ts'
import { readChosen } from '../listings/chosen.ts'
import { AttributesPart, useNeeds } from './AttributesPart.tsx'
import { CategoryPart, sharedCategoryOf } from './CategoryPart.tsx'
import { CheckPart } from './CheckPart.tsx'
import { ProductDrawer } from './ProductDrawer.tsx'
import { ProductsPart } from './ProductsPart.tsx'
import { SendBar } from './SendBar.tsx'
import type { Checked, Fault, Wizard } from './use-wizard.ts'
import { focusOn, useWizard } from './use-wizard.ts'
import classes from './wizard.module.css'

export function ListPage() {
  const { channelId } = useParams({ strict: false }) as { channelId: string }
  const channel = useQuery(ask('channel', { params: { id: channelId } }))
  const [kept] = useState(() => readChosen(channelId))
  if (channel.error && !channel.data) return <ErrorState error={channel.error} onRetry={() => void channel.refetch()} />
  if (!kept)
    return (
      <EmptyState asPage title={t('wizard.nothing')} text={t('wizard.nothingNext')}>
        <HrefButton href={`/listings/${channelId}`}>{t('wizard.toGrid')}</HrefButton>
      </EmptyState>
    )
  return <Steps channelId={channelId} kept={kept} channel={channel.data} />
}

type StepsProps = { channelId: string; kept: Chosen; channel: Answer<'channel'> | undefined }

function Steps({ channelId, kept, channel }: StepsProps) {
  const wizard = useWizard(channelId, kept)
  const marketplace = channel?.marketplaceName ?? ''
  const currency = channel?.settings.currency ?? ''
  const categoryId = sharedCategoryOf(wizard)
  const isReady = wizard.hasCategories === false || categoryId !== undefined
  const needs = useNeeds(channelId, { categoryId, enabled: isReady && wizard.hasCategories !== undefined })
  const going = useGoing(wizard, isReady)
  const count = wizard.productIds.length
  return (
    <div className={classes.frame}>
      <PageHeader
        title={t(`wizard.title.${wizard.action}`, { channel: channel?.name ?? '' })}
        above={
          <AnchorLink to="/listings/$channelId" params={{ channelId }} size="sm">
            {channel ? t('wizard.back', { channel: channel.name }) : t('wizard.backPlain')}
          </AnchorLink>
        }
        actions={
          wizard.action !== 'delete' &&
          wizard.hasCategories && (
            <ButtonLink to="/listings/$channelId/templates" params={{ channelId }} variant="default">
              {t('wizard.template.manage')}
            </ButtonLink>
          )
        }
        below={
          <Text size="sm" c="dimmed">
            {count > 0 && <strong>{t('wizard.chosen', { count, shown: shownCount(kept, wizard) })}. </strong>}
            {t(wizard.action === 'delete' ? 'wizard.send.deleteLead' : 'wizard.saved', { marketplace })}
          </Text>
        }
      />
      <div className={classes.page}>
        {wizard.action !== 'delete' && (
          <>
            {wizard.hasCategories && <CategoryPart wizard={wizard} marketplace={marketplace} />}
            <AttributesPart
              needs={needs}
              isReady={isReady}
              isSeveral={wizard.loaded.some(({ category }) => category !== null)}
              products={wizard.loaded}
              count={count}
              faults={wizard.check.data?.rows.flatMap(({ faults }) => faults) ?? []}
              noShipping={
                channel?.takesShippingPrice === false ? t('wizard.shipping.notTaken', { marketplace }) : undefined
              }
              wanted={going.attribute}
              say={(said) => void wizard.say(said)}
            />
            <ProductsPart
              wizard={wizard}
              attributes={needs.data?.attributes ?? []}
              limits={needs.data?.limits}
              currency={currency}
              open={going.open}
              onToggle={going.toggle}
              onEdit={going.edit}
            />
          </>
        )}
        <CheckPart wizard={wizard} marketplace={marketplace} onGoTo={going.goTo} onFill={going.fill} />
      </div>
      <SendBar wizard={wizard} marketplace={marketplace} categoryId={categoryId} />
      <ProductDrawer
        wizard={wizard}
        marketplace={marketplace}
        productId={going.edited}
        onClose={() => going.edit(undefined)}
      />
    </div>
  )
}

/** The whole number, also of more than the grid counts. */
function shownCount(kept: Chosen, { productIds, check }: Wizard): string {
  const { products = 0, unchecked = 0 } = check.data ?? {}
  if (unchecked > 0) return countLabel(products + unchecked)
  return 'filter' in kept.chosen && kept.count !== '' ? kept.count : countLabel(productIds.length)
}

const openFromStart = 4

/** From a fault to where it is mended, which may have to be opened first. */
function useGoing({ productIds, loaded }: Wizard, hasForm: boolean) {
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const [edited, edit] = useState<string>()
  const [attribute, setAttribute] = useState<string>()
  // A few products show their variations at once; of many, those that are opened.
  const isOpenFirst = productIds.length > 0 && productIds.length <= openFromStart
  const toggle = (id: string) => {
    const next = new Set(toggled)
    if (!next.delete(id)) next.add(id)
    setToggled(next)
  }
  const isOpen = (id: string) => toggled.has(id) !== isOpenFirst
  const fill = (key: string) => {
    setAttribute(key)
    focusOn(`attribute-${key}`)
  }
  const goTo = ({ productId, variantId }: Checked['rows'][number], fault: Fault) => {
    const { field, channelSku, attribute: key } = fault
    const variants = loaded.find((one) => one.productId === productId)?.variants ?? []
    const variant =
      variants.find(({ sku }) => sku === channelSku) ?? variants.find((one) => one.variantId === variantId)
    const isOfVariation = variant !== undefined && variants.length > 1
    if (isOfVariation && !isOpen(productId)) toggle(productId)
    if (field === 'category') focusOn('part-category')
    else if (field === 'title') focusOn(`title-${isOfVariation ? variant.variantId : productId}`)
    else if (field === 'price') focusOn(`price-${(variant ?? variants[0])?.variantId}`)
    else if (field === 'attribute' && key !== undefined && channelSku !== undefined && variant)
      focusOn(`attribute-${variant.variantId}-${key}`)
    else if (field === 'attribute' && key !== undefined && hasForm) fill(key)
    else edit(productId)
  }
  return { open: { has: isOpen }, toggle, edited, edit, attribute, fill, goTo }
}
