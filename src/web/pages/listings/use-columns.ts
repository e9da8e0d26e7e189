// Which columns a person sees and how wide they are: his own, kept in this browser.
import { useLocalStorage } from '@mantine/hooks'
import { useCallback, useMemo } from 'react'
import { useMe } from '../../auth.ts'
import type { Sizing } from '../../parts/DataTable.tsx'

type Kept = { hidden: string[]; widths: Record<string, number> }

const nothingKept: Kept = { hidden: [], widths: {} }

export type KeptColumns = {
  hidden: readonly string[]
  sizing: Sizing
  toggle: (key: string) => void
  /** Undefined: they are as they were at first. */
  reset: (() => void) | undefined
}

export function useKeptColumns(): KeptColumns {
  const { user } = useMe()
  const [kept, keep, forget] = useLocalStorage<Kept>({
    key: `fairlead-listings-columns ${user.id}`,
    defaultValue: nothingKept,
    getInitialValueInEffect: false,
    deserialize: readKept,
  })
  const onResize = useCallback(
    (key: string, width: number | undefined) =>
      keep(({ hidden, widths }) => ({ hidden, widths: withWidth(widths, key, width) })),
    [keep],
  )
  const sizing: Sizing = useMemo(() => ({ widths: kept.widths, onResize }), [kept.widths, onResize])
  const toggle = (key: string) =>
    keep(({ hidden, widths }) => ({
      widths,
      hidden: hidden.includes(key) ? hidden.filter((each) => each !== key) : [...hidden, key],
    }))
  const isOwn = kept.hidden.length > 0 || Object.keys(kept.widths).length > 0
  return { hidden: kept.hidden, sizing, toggle, reset: isOwn ? forget : undefined }
}

function withWidth(widths: Kept['widths'], key: string, width: number | undefined): Kept['widths'] {
  if (width !== undefined) return { ...widths, [key]: width }
  return Object.fromEntries(Object.entries(widths).filter(([each]) => each !== key))
}

/** What an older version kept, or somebody else's hand wrote, is no reason for an empty page. */
function readKept(text: string | undefined): Kept {
  try {
    const { hidden, widths } = JSON.parse(text ?? '') as Partial<Kept>
    const isOwn = Array.isArray(hidden) && typeof widths === 'object' && widths !== null
    return isOwn ? { hidden, widths } : nothingKept
  } catch {
    return nothingKept
  }
}
