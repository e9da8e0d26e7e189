// Ctrl+K: finds orders, products, integrations and suppliers, and goes anywhere.
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import type { Answer } from '../api.ts'
import { ask } from '../api.ts'
import { t } from '../i18n.ts'
import {
  IconBox,
  IconBuilding,
  IconCoins,
  IconCreditCard,
  IconHome,
  IconPercentage,
  IconPlugConnected,
  IconPlus,
  IconSearch,
  IconShoppingCart,
  IconTags,
  IconTruck,
  IconTruckDelivery,
} from '../icons.ts'
import { orderStatusWord } from './status.ts'

const hitIcons = { order: IconShoppingCart, product: IconBox, channel: IconPlugConnected, supplier: IconTruck }

export function SearchSpotlight() {
  const router = useRouter()
  const [text, setText] = useState('')
  const [typed] = useDebouncedValue(text.trim(), 180)
  const found = useQuery({
    ...ask('search', { query: { q: typed || ' ' } }),
    enabled: typed !== '',
    placeholderData: keepPreviousData,
  })
  const hits = text.trim() === '' ? [] : (found.data ?? [])
  const commands = commandList().filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase()))
  const go = (target: string) => router.history.push(target)
  return (
    <Spotlight.Root
      overlayProps={{ backgroundOpacity: 0.45, blur: 0 }}
      attributes={{ content: { 'aria-label': t('nav.search') } }}
      query={text}
      onQueryChange={setText}
      shortcut={['mod + K']}
      scrollable
      maxHeight={460}
      closeOnEscape
      clearQueryOnClose
    >
      <Spotlight.Search
        placeholder={t('spotlight.placeholder')}
        aria-label={t('spotlight.placeholder')}
        leftSection={<IconSearch size={17} />}
      />
      <Spotlight.ActionsList>
        {hits.length > 0 && (
          <Spotlight.ActionsGroup label={t('spotlight.results')}>
            {hits.map((hit) => {
              const Icon = hitIcons[hit.kind]
              return (
                <Spotlight.Action
                  key={`${hit.kind} ${hit.id}`}
                  label={hit.title}
                  description={[t(`spotlight.kinds.${hit.kind}`), detailOf(hit)].filter(Boolean).join(' · ')}
                  leftSection={<Icon size={18} stroke={1.6} />}
                  onClick={() => go(hit.href)}
                />
              )
            })}
          </Spotlight.ActionsGroup>
        )}
        {commands.length > 0 && (
          <Spotlight.ActionsGroup label={t('spotlight.commands')}>
            {commands.map(({ label, href, icon: Icon }) => (
              <Spotlight.Action
                key={href}
                label={label}
                leftSection={<Icon size={18} stroke={1.6} />}
                onClick={() => go(href)}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {hits.length === 0 && commands.length === 0 && !found.isFetching && (
          <Spotlight.Empty>{t('spotlight.nothing')}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

/** Of an order it ends with its status, in the seller's words. */
function detailOf({ kind, detail }: Answer<'search'>[number]): string {
  if (kind !== 'order') return detail
  const parts = detail.split(' · ')
  const status = parts.pop() ?? ''
  return [...parts, orderStatusWord(status)].join(' · ')
}

function commandList() {
  return [
    { label: t('nav.home'), href: '/', icon: IconHome },
    { label: t('nav.orders'), href: '/orders', icon: IconShoppingCart },
    { label: t('nav.products'), href: '/products', icon: IconBox },
    { label: t('nav.listings'), href: '/listings', icon: IconTags },
    { label: t('pricing.title'), href: '/pricing', icon: IconPercentage },
    { label: t('nav.suppliers'), href: '/suppliers', icon: IconTruck },
    { label: t('nav.invoices'), href: '/invoices', icon: IconCreditCard },
    { label: t('nav.integrations'), href: '/settings/channels', icon: IconPlugConnected },
    { label: t('shipping.page'), href: '/settings/shipping', icon: IconTruckDelivery },
    { label: t('business.title'), href: '/settings/business', icon: IconBuilding },
    { label: t('rates.nav'), href: '/settings/exchange-rates', icon: IconCoins },
    { label: t('integrations.add'), href: '/settings/channels/add', icon: IconPlus },
  ]
}
