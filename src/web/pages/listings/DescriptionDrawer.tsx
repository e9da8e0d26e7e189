// Title and description of a product for this sales channel, with what the marketplace takes counted while one writes.
import { Alert, Button, Drawer, Group, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { ask, type Answer } from '../../api.ts'
import { t } from '../../i18n.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { Counter } from './Counter.tsx'
import type { GridRow } from './grid-state.ts'
import classes from './listings.module.css'
import { useSay } from './use-say.ts'

/** The editor is large, and most who look at the grid do not write. */
const DescriptionField = lazy(() => import('./DescriptionField.tsx'))

type Product = Answer<'channelProduct'>
type Props = { channelId: string; channelName: string; row: GridRow; onClose: () => void }

export function DescriptionDrawer({ channelId, channelName, row, onClose }: Props) {
  const { productId } = row
  // What is being written is not replaced by what comes in meanwhile.
  const product = useQuery({
    ...ask('channelProduct', { params: { id: channelId }, query: { productId } }),
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="xl"
      title={t('listings.editor.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <Text size="sm" c="dimmed" mb="md">
        {t('listings.editor.for', { channel: channelName })}
      </Text>
      {product.error && !product.data && <ErrorState error={product.error} onRetry={() => void product.refetch()} />}
      {product.isPending && <Waiting />}
      {product.data && <Editor channelId={channelId} product={product.data} onClose={onClose} />}
    </Drawer>
  )
}

/** Where the marketplace could not be asked, nothing is cut: it is looked at again before listing. */
const unknownLimits = {
  titleMax: 1000,
  descriptionMax: 50_000,
  descriptionTags: ['p', 'br', 'strong', 'b', 'em', 'i', 'u', 'ul', 'ol', 'li'],
}

function Editor({ channelId, product, onClose }: { channelId: string; product: Product; onClose: () => void }) {
  const say = useSay(channelId)
  const limits = product.limits ?? unknownLimits
  const [title, setTitle] = useState(product.title)
  const [description, setDescription] = useState(product.description)
  const [anew, setAnew] = useState(0)
  const saving = useMutation({
    mutationFn: () =>
      say(product.productId, {
        product: {
          ...(title === product.title ? {} : { title: changed(title, product.own.title) }),
          ...(description === product.description
            ? {}
            : { description: changed(description, product.own.description) }),
        },
      }),
    onSuccess: () => {
      tell(t('listings.editor.saved', { title: title || product.own.title }))
      onClose()
    },
    onError: tellRefusal,
  })
  const isChanged = title !== product.title || description !== product.description
  const isOwn = title === product.own.title && description === product.own.description
  return (
    <form
      className={classes.editor}
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate()
      }}
    >
      <div>
        <TextInput
          data-autofocus
          label={t('listings.editor.name')}
          value={title}
          maxLength={1000}
          error={title.length > limits.titleMax}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Counter length={title.trim().length} max={limits.titleMax} />
      </div>
      <Suspense fallback={<Waiting />}>
        <DescriptionField
          key={anew}
          html={description}
          max={limits.descriptionMax}
          tags={limits.descriptionTags}
          onChange={setDescription}
        />
      </Suspense>
      {!product.limits && (
        <Alert color="yellow" variant="light">
          {t('listings.editor.unknownLimits')}
        </Alert>
      )}
      <Text size="xs" c="dimmed">
        {t('listings.editor.goesWith')}
      </Text>
      <Group justify="space-between">
        <Button
          variant="subtle"
          color="gray"
          disabled={isOwn}
          onClick={() => {
            setTitle(product.own.title)
            setDescription(product.own.description)
            setAnew(anew + 1)
          }}
        >
          {t('listings.editor.own')}
        </Button>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" disabled={!isChanged} loading={saving.isPending}>
            {t('common.save')}
          </Button>
        </Group>
      </Group>
    </form>
  )
}

/** What is empty, or as the product has it, follows the product. */
function changed(text: string, own: string): string | null {
  return text.trim() === '' || text === own ? null : text
}

function Waiting() {
  return (
    <Stack gap="sm" aria-busy="true">
      <Skeleton height={34} />
      <Skeleton height={280} />
    </Stack>
  )
}
