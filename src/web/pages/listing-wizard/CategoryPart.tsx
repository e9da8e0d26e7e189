// Where buyers find it: one category for all, by proposal, from the tree or with a template.
import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconCheck, IconWand } from '../../icons.ts'
import type { Category } from './CategoryPicker.tsx'
import { CategoryPicker } from './CategoryPicker.tsx'
import { TemplateMenu } from './TemplateMenu.tsx'
import type { Wizard } from './use-wizard.ts'
import classes from './wizard.module.css'

export function CategoryPart({ wizard, marketplace }: { wizard: Wizard; marketplace: string }) {
  const { loaded } = wizard
  const paths = new Map(loaded.map(({ category }) => [category?.id ?? '', category?.path ?? '']))
  const [only] = paths.size === 1 ? [...paths] : []
  const isNone = only !== undefined && only[0] === ''
  const isSettled = only !== undefined && !isNone
  const [isOpen, setOpen] = useState(false)
  const shown = isOpen || (loaded.length > 0 && isNone)
  const choose = (category: Category) => {
    setOpen(false)
    // The button that was pressed goes away with the list, and the keyboard would be nowhere.
    document.getElementById('part-category')?.focus({ preventScroll: true })
    void wizard.say({ product: { categoryId: category.id } })
  }
  return (
    <section className={`panel ${classes.part}`} aria-labelledby="part-category">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div className={classes.partHead}>
          <h2 id="part-category" tabIndex={-1}>
            {t('wizard.category.title')}
          </h2>
          {isSettled ? (
            <p className={classes.path}>
              <IconCheck size={15} aria-hidden="true" /> {only[1]}
            </p>
          ) : (
            <Text size="sm" c="dimmed">
              {paths.size > 1
                ? t('wizard.category.differs', { count: [...paths.keys()].filter((id) => id !== '').length })
                : t('wizard.category.lead', { marketplace })}{' '}
              {paths.size > 1 && paths.has('') && t('wizard.category.someNone')}
            </Text>
          )}
        </div>
        <Group gap="xs">
          <TemplateMenu wizard={wizard} />
          {!isNone && (
            <Button variant="default" size="xs" aria-expanded={shown} onClick={() => setOpen(!isOpen)}>
              {shown ? t('common.close') : isSettled ? t('wizard.category.change') : t('wizard.category.choose')}
            </Button>
          )}
        </Group>
      </Group>
      {wizard.categories.data?.findsMatches && wizard.action === 'list' && (
        <Text size="xs" c="dimmed">
          {t('wizard.join.hint', { marketplace })}
        </Text>
      )}
      {shown && (
        <>
          <Proposals wizard={wizard} marketplace={marketplace} onChoose={choose} />
          <CategoryPicker
            channelId={wizard.channelId}
            marketplace={marketplace}
            chosenId={only?.[0] ?? null}
            onChoose={choose}
          />
        </>
      )}
    </section>
  )
}

const proposalsShown = 4

/** For the first product, since the marketplace looks at one at a time. */
function Proposals(props: { wizard: Wizard; marketplace: string; onChoose: (category: Category) => void }) {
  const { wizard, marketplace, onChoose } = props
  const [productId = ''] = wizard.productIds
  const proposed = useQuery({
    ...ask('recommendCategories', { params: { id: wizard.channelId }, query: { productId } }),
    enabled: productId !== '',
    staleTime: 300_000,
    retry: false,
  })
  const { from = 'none', categories = [] } = proposed.data ?? {}
  if (from === 'none') return null
  return (
    <Group gap="xs" role="group" aria-label={t('wizard.category.proposes', { marketplace })}>
      <Text size="sm" c="dimmed">
        <IconWand size={14} aria-hidden="true" className={classes.inline} />{' '}
        {t(from === 'marketplace' ? 'wizard.category.proposes' : 'wizard.category.likeOurs', { marketplace })}
      </Text>
      {categories.slice(0, proposalsShown).map((category) => (
        <Button
          key={category.id}
          variant="light"
          size="compact-sm"
          radius="xl"
          classNames={{ root: classes.chip ?? '' }}
          onClick={() => onChoose(category)}
        >
          {category.path}
        </Button>
      ))}
    </Group>
  )
}

/** Undefined where they differ or none is chosen. */
export function sharedCategoryOf({ loaded }: Wizard): string | undefined {
  const [id, ...others] = new Set(loaded.map(({ category }) => category?.id ?? ''))
  return others.length === 0 && id !== '' ? id : undefined
}
