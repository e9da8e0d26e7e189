// The description of one product for this integration; kept when leaving it, like everything on the page.
import { Button, Group, Skeleton, Text } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { t } from '../../i18n.ts'
import type { ChannelProduct } from './use-wizard.ts'
import classes from './wizard.module.css'

/** The editor is large, and most products keep their description. */
const DescriptionField = lazy(() => import('../listings/DescriptionField.tsx'))

type Props = {
  product: ChannelProduct
  fault: string | undefined
  onSave: (description: string | null) => Promise<boolean>
}

const unknownLimits = { descriptionMax: 50_000, descriptionTags: ['p', 'br', 'strong', 'em', 'ul', 'ol', 'li'] }

export function DescriptionPart({ product, fault, onSave }: Props) {
  const { description, said, own } = product
  const { descriptionMax, descriptionTags } = product.limits ?? unknownLimits
  const [html, setHtml] = useState(description)
  const [round, setRound] = useState(0)
  const [isSaving, setSaving] = useState(false)
  const isChanged = html.trim() !== description.trim()
  const save = async (next: string | null) => {
    setSaving(true)
    const isSaved = await onSave(next)
    setSaving(false)
    if (!isSaved || next !== null) return
    setHtml(own.description)
    setRound(round + 1)
  }
  return (
    <section aria-label={t('wizard.drawer.description')} className={classes.drawerPart}>
      <Suspense fallback={<Skeleton h={220} aria-busy="true" />}>
        <DescriptionField key={round} html={html} max={descriptionMax} tags={descriptionTags} onChange={setHtml} />
      </Suspense>
      {fault !== undefined && (
        <Text size="xs" c="red">
          {fault}
        </Text>
      )}
      <Group justify="space-between" gap="sm">
        {said.description === null ? (
          <Text size="xs" c="dimmed">
            {t('wizard.drawer.fromCatalogue')}
          </Text>
        ) : (
          <Button variant="subtle" size="compact-xs" onClick={() => void save(null)}>
            {t('wizard.drawer.backToOwn')}
          </Button>
        )}
        <Button
          size="xs"
          disabled={!isChanged}
          loading={isSaving}
          onClick={() => void save(html.trim() === '' ? null : html)}
        >
          {t('wizard.drawer.saveDescription')}
        </Button>
      </Group>
    </section>
  )
}
