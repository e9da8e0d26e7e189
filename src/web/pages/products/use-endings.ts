// What ends a product: the archive, from which it comes back, and removal, which is refused where something hangs on it.
import { useMutation } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { confirmDialog, tell, tellRefusal } from '../../parts/ask.tsx'
import type { Edited } from './product-form.ts'
import type { Editing } from './use-product.ts'

export function useEndings(product: Edited | undefined, editing: Editing) {
  const router = useRouter()
  const id = product?.id ?? ''
  const title = product?.title ?? ''
  const archiving = useMutation({
    mutationFn: (archived: boolean) => call('archiveProduct', { params: { id }, body: { archived } }),
    onSuccess: async ({ archived }) => {
      await editing.lookAgain()
      tell(t(archived ? 'productEditor.archived' : 'productEditor.unarchived', { title }), () =>
        archiving.mutate(!archived),
      )
    },
    onError: tellRefusal,
  })
  const removing = useMutation({
    mutationFn: () => call('removeProduct', { params: { id } }),
    onSuccess: async () => {
      editing.letGo()
      tell(t('productEditor.removed', { title }))
      await router.navigate({ to: '/products', ignoreBlocker: true })
      await editing.lookAgain()
    },
    onError: tellRefusal,
  })
  return {
    archive: () => archiving.mutate(!product?.archived),
    remove: async () => {
      const isSure = await confirmDialog({
        title: t('productEditor.removeTitle', { title }),
        text: t('productEditor.removeText'),
        confirm: t('productEditor.remove'),
        danger: true,
      })
      if (isSure) removing.mutate()
    },
  }
}
