// The editor's page: everything of a product in fields, saved together. What cannot be stored is said at its field.
import { Alert, Badge, Button, Group, Loader, Menu, Stack, TagsInput, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconAlertTriangle, IconArchive, IconChevronDown, IconTrash } from '../../icons.ts'
import { AnchorLink } from '../../parts/LinkTo.tsx'
import { PageHeader } from '../../parts/PageHeader.tsx'
import { CategoryInput } from './CategoryInput.tsx'
import { PicturesPanel } from './PicturesPanel.tsx'
import type { Edited } from './product-form.ts'
import type { Product } from './ProductPage.tsx'
import classes from './products.module.css'
import { useEndings } from './use-endings.ts'
import { useProduct, type Editing } from './use-product.ts'
import { Variants } from './Variants.tsx'
import { WhereListed } from './WhereListed.tsx'

const DescriptionField = lazy(() => import('../listings/DescriptionField.tsx'))
/** What stays of a description when it is stored, see safe-html.ts. */
const elements = 'p br ul ol li b strong i em u h2 h3 h4 blockquote table thead tbody tr th td'.split(' ')
const descriptionMax = 50_000

type Props = { product: Edited | undefined; known: Product | undefined }

export function ProductEditor(props: Props) {
  // The version being worked on; a newer one from elsewhere comes in only while nothing is typed.
  const [base, setBase] = useState(props.product)
  const [isTyping, setTyping] = useState(false)
  const newest = props.product
  if (newest && newest.version !== base?.version && !isTyping) setBase(newest)
  return (
    <Fields
      key={base?.version ?? 'new'}
      {...props}
      product={base}
      onTyping={setTyping}
      onLoadAnew={() => {
        setTyping(false)
        setBase(newest)
      }}
    />
  )
}

type FieldsProps = Props & { onTyping: (typing: boolean) => void; onLoadAnew: () => void }

function Fields({ product, known, onTyping, onLoadAnew }: FieldsProps) {
  const editing = useProduct(product)
  const { form, change, faults, stale } = editing
  const { data: choices } = useQuery(ask('myProductsChoices'))
  const title = product?.title ?? t('myProducts.newTitle')
  const hasFaults = Object.keys(faults).length > 0
  const typing = (part: Parameters<Editing['change']>[0]) => {
    onTyping(true)
    change(part)
  }
  const edit = { ...editing, change: typing }
  return (
    <>
      <PageHeader
        title={title}
        above={
          <AnchorLink to="/products" size="sm">
            {t('products.title')}
          </AnchorLink>
        }
        beside={product?.archived ? <Badge variant="default">{t('myProducts.archived')}</Badge> : undefined}
        actions={<Actions product={product} editing={edit} onDiscarded={() => onTyping(false)} />}
      />
      {(hasFaults || stale !== undefined) && (
        <Alert
          color="red"
          role="alert"
          icon={<IconAlertTriangle size={18} aria-hidden="true" />}
          className={classes.alert}
        >
          <Group justify="space-between">
            <span>{stale ?? faults['variants'] ?? faults['optionNames'] ?? t('productEditor.wrong')}</span>
            {stale !== undefined && (
              <Button size="compact-sm" variant="default" onClick={() => void edit.lookAgain().then(onLoadAnew)}>
                {t('productEditor.loadAnew')}
              </Button>
            )}
          </Group>
        </Alert>
      )}
      {product?.archived && (
        <Alert color="gray" title={t('productEditor.archivedTitle')} className={classes.alert}>
          {t('productEditor.archivedText')}
        </Alert>
      )}
      <div className={classes.page}>
        <div className={classes.main}>
          <section className={`panel ${classes.block}`} aria-label={t('productEditor.words')}>
            <Stack gap="sm">
              <TextInput
                label={t('productEditor.title')}
                required
                withAsterisk={false}
                data-autofocus={product ? undefined : true}
                value={form.title}
                error={faults['title']}
                onChange={(event) => typing({ title: event.currentTarget.value })}
              />
              <Suspense fallback={<Loader size="sm" />}>
                <DescriptionField
                  html={form.description}
                  max={descriptionMax}
                  tags={elements}
                  hint={t('productEditor.describeHint')}
                  onChange={(description) => typing({ description })}
                />
              </Suspense>
              {faults['description'] && <p className={classes.fault}>{faults['description']}</p>}
            </Stack>
          </section>
          <PicturesPanel editing={edit} title={form.title} />
          <Variants editing={edit} known={known} />
        </div>
        <aside className={classes.main} aria-label={t('product.facts')}>
          {product && <WhereListed product={product} />}
          <section className={`panel ${classes.block}`} aria-label={t('productEditor.organised')}>
            <Title order={2} mb={8}>
              {t('productEditor.organised')}
            </Title>
            <Stack gap="sm">
              <CategoryInput
                label={t('myProducts.columns.category')}
                value={form.category}
                error={faults['category']}
                data={choices?.categories ?? []}
                onChange={(category) => typing({ category })}
              />
              <TextInput
                label={t('product.brand')}
                value={form.brand}
                error={faults['brand']}
                onChange={(event) => typing({ brand: event.currentTarget.value })}
              />
              <TextInput
                label={t('product.type')}
                value={form.productType}
                error={faults['productType']}
                onChange={(event) => typing({ productType: event.currentTarget.value })}
              />
              <TagsInput
                label={t('product.tags')}
                description={t('productEditor.tagsHelp')}
                value={form.tags}
                error={faults['tags']}
                onChange={(tags) => typing({ tags })}
                acceptValueOnBlur
              />
              {product && (
                <p className={classes.quiet}>
                  {t('product.handle')}: <span className="code">{product.handle}</span>
                </p>
              )}
            </Stack>
          </section>
        </aside>
      </div>
    </>
  )
}

function Actions(props: { product: Edited | undefined; editing: Editing; onDiscarded: () => void }) {
  const { product, editing } = props
  const { isChanged, isSaving, save, discard } = editing
  const endings = useEndings(product, editing)
  return (
    <>
      {isChanged && <span className={classes.quiet}>{t('productEditor.unsaved')}</span>}
      {isChanged && product && (
        <Button
          variant="subtle"
          color="gray"
          onClick={() => {
            discard()
            props.onDiscarded()
          }}
        >
          {t('productEditor.discard')}
        </Button>
      )}
      {product && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden="true" />}>
              {t('common.actions')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconArchive size={15} aria-hidden="true" />} onClick={endings.archive}>
              {t(product.archived ? 'productEditor.unarchive' : 'productEditor.archive')}
            </Menu.Item>
            <Menu.Item
              color="red.9"
              leftSection={<IconTrash size={15} aria-hidden="true" />}
              onClick={() => void endings.remove()}
            >
              {t('productEditor.remove')}…
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <Button onClick={save} loading={isSaving} disabled={!isChanged}>
        {t(product ? 'productEditor.save' : 'productEditor.add')}
      </Button>
    </>
  )
}
