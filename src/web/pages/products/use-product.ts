// One product under the editor's hands: what was loaded, what is typed, and saving it whole.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useBlocker, useRouter } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { ApiRefusal, call } from '../../api.ts'
import { useMe } from '../../auth.ts'
import { t } from '../../i18n.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import { draftOf, formOf, type Edited, type ProductForm } from './product-form.ts'

export const productQueries = new Set([
  'editedProduct',
  'product',
  'products',
  'myProducts',
  'myProductsChoices',
  'variants',
])

export function useProduct(product: Edited | undefined) {
  const client = useQueryClient()
  const router = useRouter()
  const { currency } = useMe().business
  const start = useMemo(() => formOf(product), [product])
  const [form, setForm] = useState(start)
  const [faults, setFaults] = useState<Record<string, string>>({})
  const [stale, setStale] = useState<string>()
  const letGo = useRef(false)
  const isChanged = JSON.stringify(form) !== JSON.stringify(start)

  const saving = useMutation({
    mutationFn: async (): Promise<Edited | undefined> => {
      const made = draftOf(form, currency)
      setFaults(made.faults)
      if (Object.keys(made.faults).length > 0) return undefined
      return product
        ? call('saveProduct', { params: { id: product.id }, body: { product: made.draft, version: product.version } })
        : call('addProduct', { body: made.draft })
    },
    onSuccess: async (saved) => {
      if (!saved) return
      letGo.current = true
      tell(t(product ? 'productEditor.saved' : 'productEditor.added', { title: saved.title }))
      client.setQueryData(['editedProduct', { params: { id: saved.id } }], saved)
      await lookAgain()
      if (!product) await router.navigate({ to: '/products/$id', params: { id: saved.id }, ignoreBlocker: true })
    },
    onError: (error) => {
      if (error instanceof ApiRefusal && error.code === 'changed-meanwhile') setStale(error.message)
      else if (error instanceof ApiRefusal && Object.keys(error.fields).length > 0) setFaults(error.fields)
      else tellRefusal(error)
    },
  })
  const lookAgain = () =>
    client.invalidateQueries({ predicate: ({ queryKey }) => productQueries.has(String(queryKey[0])) })

  useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (!isChanged || letGo.current || current.pathname === next.pathname) return false
      return !(await confirmDialog({
        title: t('productEditor.leaveTitle'),
        text: t('productEditor.leaveText'),
        confirm: t('productEditor.leave'),
        cancel: t('productEditor.stay'),
        danger: true,
      }))
    },
    enableBeforeUnload: () => isChanged && !letGo.current,
  })

  return {
    form,
    change: (part: Partial<ProductForm>) => setForm((now) => ({ ...now, ...part })),
    faults,
    isChanged,
    stale,
    discard: () => {
      setForm(start)
      setFaults({})
    },
    save: () => saving.mutate(),
    isSaving: saving.isPending,
    lookAgain,
    letGo: () => {
      letGo.current = true
    },
  }
}

export type Editing = ReturnType<typeof useProduct>
