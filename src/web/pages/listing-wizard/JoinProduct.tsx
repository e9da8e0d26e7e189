// A product the marketplace has already, found by barcode: joined instead of made anew.
import { Anchor, Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconBarcode, IconExternalLink } from '../../icons.ts'
import { tell } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { ThumbCell } from '../../parts/ThumbCell.tsx'
import { categoryAttribute } from './AttributesPart.tsx'
import type { ChannelProduct, Saying } from './use-wizard.ts'
import classes from './wizard.module.css'

type Match = Answer<'marketplaceMatches'>[number]
type Props = { channelId: string; marketplace: string; product: ChannelProduct; say: (said: Saying) => void }

export function JoinProduct({ channelId, marketplace, product, say }: Props) {
  const [isAsked, setAsked] = useState(false)
  const { productId, variants } = product
  const hasBarcode = variants.some(({ barcode }) => barcode !== null)
  const matches = useQuery({
    ...ask('marketplaceMatches', { params: { id: channelId }, query: { productId } }),
    enabled: isAsked && hasBarcode,
    retry: false,
    staleTime: 60_000,
  })
  const join = (match: Match) => {
    const { categoryId, attributes, title } = match
    const moves = categoryId !== null && categoryId !== product.category?.id
    say({ product: { ...(moves ? { categoryId } : {}), attributes } })
    tell(t('wizard.join.joined', { title }))
  }
  const leave = ({ attributes }: Match) => {
    const taken = Object.keys(attributes).filter((key) => key !== categoryAttribute)
    say({ product: { attributes: Object.fromEntries(taken.map((key) => [key, null])) } })
    tell(t('wizard.join.left'))
  }
  return (
    <section aria-label={t('wizard.join.title')} className={classes.drawerPart}>
      <Group justify="space-between" gap="sm">
        <h3>{t('wizard.join.title')}</h3>
        {hasBarcode && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconBarcode size={14} aria-hidden="true" />}
            loading={matches.isFetching}
            onClick={() => (isAsked ? void matches.refetch() : setAsked(true))}
          >
            {t('wizard.join.find')}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {hasBarcode ? t('wizard.join.lead', { marketplace }) : t('wizard.join.noBarcode')}
      </Text>
      {matches.error && <ErrorState error={matches.error} onRetry={() => void matches.refetch()} />}
      {matches.data?.length === 0 && (
        <Text size="sm" role="status">
          {t('wizard.join.none', { marketplace })}
        </Text>
      )}
      {matches.data && matches.data.length > 0 && (
        <ul className={classes.matches}>
          {matches.data.map((match) => (
            <li key={`${match.barcode} ${JSON.stringify(match.attributes)}`} className={classes.match}>
              <ThumbCell imageUrl={match.imageUrl} title={match.title} code={match.barcode} />
              {match.url && (
                <Anchor href={match.url} target="_blank" rel="noreferrer" aria-label={t('wizard.join.look')}>
                  <IconExternalLink size={15} aria-hidden="true" />
                </Anchor>
              )}
              {isJoined(match, product) ? (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`${t('wizard.join.leave')}: ${match.title}`}
                  onClick={() => leave(match)}
                >
                  {t('wizard.join.leave')}
                </Button>
              ) : (
                <Button
                  size="compact-sm"
                  aria-label={`${t('wizard.join.join')}: ${match.title}`}
                  onClick={() => join(match)}
                >
                  {t('wizard.join.join')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function isJoined({ attributes }: Match, product: ChannelProduct): boolean {
  return Object.entries(attributes).every(([key, value]) => product.attributes[key] === value)
}
