// Filters live in the address, so that a view can be sent to a colleague: const [filters, setFilters] = useFilters('search', 'status').
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'

export type Filters<Key extends string> = Partial<Record<Key, string>>

export function useFilters<Key extends string>(
  ...keys: Key[]
): [Filters<Key>, (change: { [K in Key]?: string | undefined | null }) => void] {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>
  const navigate = useNavigate()
  const filters: Filters<Key> = {}
  for (const key of keys) if (search[key]) filters[key] = search[key]
  const change = useCallback(
    (wanted: { [K in Key]?: string | undefined | null }) => {
      const merge = (before: Record<string, unknown>) =>
        Object.fromEntries(
          Object.entries({ ...before, ...wanted }).filter(
            ([, value]) => value !== undefined && value !== null && value !== '',
          ),
        )
      void navigate({ to: '.', search: merge as never, replace: true })
    },
    [navigate],
  )
  return [filters, change]
}

/** The address' search part as plain texts: `?search=123` is the text 123, not a number. */
export function readSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

export function writeSearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search))
    if (typeof value === 'string' && value !== '') params.set(key, value)
  const text = params.toString()
  return text ? `?${text}` : ''
}
