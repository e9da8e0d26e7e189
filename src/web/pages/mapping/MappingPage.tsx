// The mapping tool (B1–B7): listings on the left, our variants on the right. All is draft until Save.
import { SegmentedControl } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { RowOf } from '../../api.ts'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { Composer } from './Composer.tsx'
import type { Component } from './drafts.ts'
import { withDraft, withoutDraft } from './drafts.ts'
import { ListingPane } from './ListingPane.tsx'
import { MappingHeader } from './MappingHeader.tsx'
import classes from './mapping.module.css'
import { useDrafts } from './use-drafts.ts'
import { VariantPane } from './VariantPane.tsx'

type Listing = RowOf<'listings'>

export function MappingPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const channel = useQuery(ask('channel', { params: { id } }))
  const narrow = useMediaQuery('(max-width: 61.99em)', false, { getInitialValueInEffect: false })
  const [side, setSide] = useState<'left' | 'right'>('left')
  const [listing, setListing] = useState<Listing>()
  const [basket, setBasket] = useState<Component[]>([])
  const { drafts, setDrafts, save, isSaving, leave } = useDrafts(id)

  const choose = (row: Listing) => {
    setListing(row.id === listing?.id ? undefined : row)
    if (narrow) setSide('right')
  }
  const settle = (components: Component[] | null) => {
    if (!listing) return
    setDrafts((before) => withDraft(before, listing, components))
    setListing(undefined)
    setBasket([])
    setSide('left')
  }
  if (channel.error && !channel.data) return <ErrorState error={channel.error} onRetry={() => void channel.refetch()} />
  return (
    <div className="page-fill">
      <MappingHeader
        channelId={id}
        channel={channel.data}
        drafts={drafts}
        setDrafts={setDrafts}
        isSaving={isSaving}
        onSave={() => {
          setListing(undefined)
          save()
        }}
        onLeave={leave}
      />
      {narrow && (
        <SegmentedControl
          className={classes.sides}
          aria-label={t('mapping.title')}
          value={side}
          onChange={(value) => setSide(value === 'right' ? 'right' : 'left')}
          data={[
            { value: 'left', label: t('mapping.left') },
            { value: 'right', label: t('mapping.right') },
          ]}
        />
      )}
      <div className={classes.panes}>
        {(!narrow || side === 'left') && (
          <ListingPane
            channelId={id}
            chosenId={listing?.id}
            drafts={drafts}
            onChoose={choose}
            onDrop={(listingId) => setDrafts((before) => withoutDraft(before, listingId))}
          />
        )}
        {(!narrow || side === 'right') && <VariantPane channelId={id} basket={basket} onBasket={setBasket} />}
      </div>
      <Composer
        listing={listing}
        draft={listing && drafts.get(listing.id)}
        basket={basket}
        onBasket={setBasket}
        onMap={() => settle(basket)}
        onUnlink={() => settle(null)}
      />
    </div>
  )
}
