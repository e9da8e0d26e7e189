// What the category asks for, said once for all chosen products: required first, the rest under a fold.
import { Collapse, Skeleton, Text, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconChevronRight } from '../../icons.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { AttributeField } from './AttributeField.tsx'
import type { Attribute, ChannelProduct, Fault, Saying } from './use-wizard.ts'
import { sharedValue } from './use-wizard.ts'
import classes from './wizard.module.css'

export const categoryAttribute = 'category'

/** Of the category, or of the marketplace where it has none. */
export function useNeeds(
  channelId: string,
  { categoryId, enabled }: { categoryId?: string | undefined; enabled: boolean },
) {
  return useQuery({
    ...ask('categoryNeeds', { params: { id: channelId }, query: { categoryId } }),
    enabled,
    staleTime: 60_000,
  })
}

type Props = {
  needs: ReturnType<typeof useNeeds>
  /** False: a category must be chosen first. */
  isReady: boolean
  isSeveral: boolean
  products: ChannelProduct[]
  count: number
  faults: Fault[]
  /** Said where the marketplace takes no shipping price with a listing. */
  noShipping: string | undefined
  /** A fold that must open, since what is gone to lies in it. */
  wanted: string | undefined
  say: (said: Saying) => unknown
}

export function AttributesPart(props: Props) {
  const { needs, isReady, isSeveral, products, count, faults, noShipping, wanted, say } = props
  return (
    <section className={`panel ${classes.part}`} aria-labelledby="part-attributes">
      <div className={classes.partHead}>
        <h2 id="part-attributes" tabIndex={-1}>
          {t('wizard.attributes.title')}
        </h2>
        <Text size="sm" c="dimmed">
          {!isReady
            ? t(isSeveral ? 'wizard.attributes.perCategory' : 'wizard.attributes.first')
            : t('wizard.attributes.lead', { count })}
        </Text>
      </div>
      {isReady && needs.error && !needs.data && <ErrorState error={needs.error} onRetry={() => void needs.refetch()} />}
      {isReady && needs.isPending && <Waiting />}
      {isReady && needs.data && (
        <AttributeForm
          attributes={needs.data.attributes}
          products={products}
          faults={faults}
          wanted={wanted}
          idPrefix=""
          onSave={(key, value) => say({ product: { attributes: { [key]: value } } })}
        />
      )}
      {isReady && noShipping !== undefined && (
        <Text size="xs" c="dimmed">
          {noShipping}
        </Text>
      )}
    </section>
  )
}

function Waiting() {
  return (
    <div className={classes.fields} aria-busy="true">
      {[1, 2, 3, 4].map((at) => (
        <Skeleton key={at} h={56} />
      ))}
    </div>
  )
}

type FormProps = {
  attributes: Attribute[]
  products: Pick<ChannelProduct, 'attributes' | 'derived' | 'variants'>[]
  faults: Fault[]
  wanted: string | undefined
  /** Ids of fields stay apart where two forms are on a page. */
  idPrefix: string
  onSave: (key: string, value: string | null) => void
}

export function AttributeForm({ attributes, products, faults, wanted, idPrefix, onSave }: FormProps) {
  const [isOpen, { toggle, open }] = useDisclosure()
  const asked = attributes.filter(({ key }) => key !== categoryAttribute)
  // Where every product has variations, what tells them apart is said at each of them.
  const isPerVariation = products.length > 0 && products.every(({ variants }) => variants.length > 1)
  const own = asked.filter(({ isVariation, isRequired }) => !isVariation || !isPerVariation || isRequired)
  const given = (key: string) => products.some(({ variants }) => variants.some((one) => one.attributes[key]))
  const common = own.filter(({ key, isVariation }) => !(isVariation && isPerVariation && given(key)))
  const apart = asked.filter((one) => !common.includes(one))
  const isSpared = ({ unless }: Attribute) =>
    unless !== undefined && products.length > 0 && products.every(({ attributes: had }) => had[unless])
  // What may be given instead stands beside what is required.
  const instead = new Set(common.flatMap(({ isRequired, unless }) => (isRequired && unless ? unless : [])))
  const isUpFront = ({ isRequired, key }: Attribute) => isRequired || instead.has(key)
  const required = common.filter(isUpFront)
  const optional = common.filter((attribute) => !isUpFront(attribute))
  const isWantedOptional = optional.some(({ key }) => key === wanted)
  useEffect(() => {
    if (isWantedOptional) open()
  }, [isWantedOptional, open])
  const field = (attribute: Attribute) => {
    const { key } = attribute
    const value = sharedValue(products.map((product) => product.attributes[key] ?? ''))
    // What is not filled in yet is told by the check, not shouted at every field.
    const fault = faults.find((one) => one.attribute === key && one.channelSku === undefined)
    return (
      <AttributeField
        key={key}
        id={`${idPrefix}attribute-${key}`}
        attribute={isSpared(attribute) ? { ...attribute, isRequired: false } : attribute}
        value={value}
        isDerived={products.length > 0 && products.every(({ derived }) => derived.includes(key))}
        error={value ? fault?.message : undefined}
        onSave={(next) => onSave(key, next)}
      />
    )
  }
  if (asked.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t('wizard.attributes.none')}
      </Text>
    )
  return (
    <>
      {required.length > 0 && <div className={classes.fields}>{required.map(field)}</div>}
      {optional.length > 0 && (
        <>
          <UnstyledButton className={classes.fold} aria-expanded={isOpen} onClick={toggle}>
            <IconChevronRight
              size={15}
              className={classes.chevron}
              data-open={isOpen || undefined}
              aria-hidden="true"
            />
            {t('wizard.attributes.optional', { count: optional.length })}
          </UnstyledButton>
          <Collapse expanded={isOpen}>{isOpen && <div className={classes.fields}>{optional.map(field)}</div>}</Collapse>
        </>
      )}
      {apart.length > 0 && (
        <Text size="xs" c="dimmed">
          {t('wizard.attributes.perVariation', {
            names: apart
              .map(({ label }) => label)
              .slice(0, 8)
              .join(', '),
          })}
        </Text>
      )}
    </>
  )
}
