// One product alone: its description, its pictures, its own attributes and category, and joining one the marketplace has.
import { Alert, Anchor, Button, Drawer, Group, List, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconExternalLink } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { AttributeForm, useNeeds } from './AttributesPart.tsx'
import { CategoryPicker } from './CategoryPicker.tsx'
import { DescriptionPart } from './DescriptionPart.tsx'
import { FaultText } from './FaultText.tsx'
import { JoinProduct } from './JoinProduct.tsx'
import type { ChannelProduct, Fault, Saying, Wizard } from './use-wizard.ts'
import { faultsOf } from './use-wizard.ts'
import classes from './wizard.module.css'

type Props = { wizard: Wizard; marketplace: string; productId: string | undefined; onClose: () => void }

export function ProductDrawer({ wizard, marketplace, productId, onClose }: Props) {
  // It stays what it was while the drawer goes.
  const [last, setLast] = useState(productId)
  if (productId !== undefined && productId !== last) setLast(productId)
  const product = useQuery({
    ...ask('channelProduct', { params: { id: wizard.channelId }, query: { productId: last ?? '' } }),
    enabled: last !== undefined,
  })
  return (
    <Drawer
      opened={productId !== undefined}
      onClose={onClose}
      position="right"
      size={560}
      title={product.data?.own.title ?? t('wizard.edit')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {product.error && !product.data && <ErrorState error={product.error} onRetry={() => void product.refetch()} />}
      {product.isPending && <Skeleton h={300} />}
      {product.data && <Body key={last} wizard={wizard} marketplace={marketplace} product={product.data} />}
    </Drawer>
  )
}

type BodyProps = { wizard: Wizard; marketplace: string; product: ChannelProduct }

function Body({ wizard, marketplace, product }: BodyProps) {
  const { productId } = product
  const faults = faultsOf(wizard.check.data, productId) ?? []
  const say = (said: Saying) => void wizard.say(said, productId)
  const url = product.variants.find(({ listing }) => listing?.url)?.listing?.url
  return (
    <Stack gap="lg">
      {faults.length > 0 && <Faults faults={faults} marketplace={marketplace} />}
      {url && (
        <Anchor href={url} target="_blank" rel="noreferrer" size="sm">
          {t('wizard.drawer.onMarketplace', { marketplace })}{' '}
          <IconExternalLink size={13} aria-hidden="true" className={classes.inline} />
        </Anchor>
      )}
      {wizard.categories.data?.findsMatches && wizard.action === 'list' && (
        <JoinProduct channelId={wizard.channelId} marketplace={marketplace} product={product} say={say} />
      )}
      <DescriptionPart
        product={product}
        fault={faults.find(({ field }) => field === 'description')?.message}
        onSave={(description) => wizard.say({ product: { description } }, productId)}
      />
      <Pictures product={product} fault={faults.find(({ field }) => field === 'images')?.message} />
      {wizard.hasCategories && <OwnCategory wizard={wizard} marketplace={marketplace} product={product} say={say} />}
      <OwnAttributes wizard={wizard} product={product} faults={faults} say={say} />
    </Stack>
  )
}

function Faults({ faults, marketplace }: { faults: Fault[]; marketplace: string }) {
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle aria-hidden="true" />}
      title={t('wizard.drawer.faults')}
    >
      <List size="sm">
        {faults.map((fault) => (
          <List.Item key={`${fault.channelSku} ${fault.message}`}>
            <FaultText fault={fault} marketplace={marketplace} />
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

function Pictures({ product, fault }: { product: ChannelProduct; fault: string | undefined }) {
  const { images } = product.own
  const { limits } = product
  return (
    <section aria-label={t('wizard.drawer.pictures')} className={classes.drawerPart}>
      <h3>{t('wizard.drawer.pictures')}</h3>
      <Text size="sm" c={fault ? 'red' : 'dimmed'}>
        {fault ??
          (limits
            ? t('wizard.drawer.picturesTaken', { count: images.length, min: limits.imagesMin, max: limits.imagesMax })
            : images.length === 0 && t('wizard.drawer.noPictures'))}
      </Text>
      <div className={classes.pictures}>
        {images.map((image) => (
          <img key={image} src={image} alt="" width={64} height={64} loading="lazy" />
        ))}
      </div>
      <AnchorLink to="/products/$id" params={{ id: product.productId }} size="sm">
        {t('wizard.drawer.toProduct')}
      </AnchorLink>
    </section>
  )
}

function OwnCategory({ wizard, marketplace, product, say }: BodyProps & { say: (said: Saying) => void }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <section aria-label={t('wizard.drawer.category')} className={classes.drawerPart}>
      <Group justify="space-between" gap="sm">
        <h3>{t('wizard.drawer.category')}</h3>
        <Button variant="default" size="compact-sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('common.close') : t('wizard.category.change')}
        </Button>
      </Group>
      <Text size="sm" {...(product.category ? {} : { c: 'dimmed' })}>
        {product.category?.path ?? t('wizard.category.none')}
      </Text>
      {isOpen && (
        <CategoryPicker
          channelId={wizard.channelId}
          marketplace={marketplace}
          chosenId={product.category?.id ?? null}
          onChoose={(category) => {
            setOpen(false)
            say({ product: { categoryId: category.id } })
          }}
        />
      )}
    </section>
  )
}

type OwnProps = { wizard: Wizard; product: ChannelProduct; faults: Fault[]; say: (said: Saying) => void }

function OwnAttributes({ wizard, product, faults, say }: OwnProps) {
  const isReady = wizard.hasCategories === false || product.category !== null
  const needs = useNeeds(wizard.channelId, { categoryId: product.category?.id, enabled: isReady })
  if (!isReady || !needs.data) return null
  return (
    <section aria-label={t('wizard.drawer.attributes')} className={classes.drawerPart}>
      <h3>{t('wizard.drawer.attributes')}</h3>
      <AttributeForm
        attributes={needs.data.attributes}
        products={[product]}
        faults={faults}
        wanted={undefined}
        idPrefix="own-"
        onSave={(key, value) => say({ product: { attributes: { [key]: value } } })}
      />
    </section>
  )
}
