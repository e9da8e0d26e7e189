// The marketplace's own tree: searched by words or opened level by level. What cannot be listed in says so.
import { Anchor, Breadcrumbs, Button, Skeleton, Stack, Text, UnstyledButton } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import { t } from '../../i18n.ts'
import { IconBan, IconChevronRight, IconRefresh } from '../../icons.ts'
import { tell, tellRefusal } from '../../parts/ask.tsx'
import { ErrorState } from '../../parts/ErrorState.tsx'
import { SearchBox } from '../../parts/SearchBox.tsx'
import classes from './wizard.module.css'

export type Category = Answer<'marketplaceCategories'>['categories'][number]
type Props = { channelId: string; marketplace: string; chosenId: string | null; onChoose: (category: Category) => void }

export function CategoryPicker({ channelId, marketplace, chosenId, onChoose }: Props) {
  const [search, setSearch] = useState('')
  const [above, setAbove] = useState<Category[]>([])
  const parent = above.at(-1)
  const query = search.trim() === '' ? { parentId: parent?.id } : { search }
  const found = useQuery({
    ...ask('marketplaceCategories', { params: { id: channelId }, query }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data && state.data.readAt === null ? 2000 : false),
  })
  const open = (category: Category) => {
    setSearch('')
    setAbove(search.trim() === '' ? [...above, category] : [category])
  }
  return (
    <div className={classes.picker}>
      <SearchBox
        label={t('wizard.category.search', { marketplace })}
        value={search}
        onChange={setSearch}
        width="100%"
        slash={false}
      />
      {search.trim() === '' && above.length > 0 && (
        <Above above={above} onGo={(depth) => setAbove(above.slice(0, depth))} />
      )}
      {found.error && !found.data && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <Waiting />}
      {found.data && (
        <Found
          found={found.data}
          isSearch={search.trim() !== ''}
          marketplace={marketplace}
          channelId={channelId}
          chosenId={chosenId}
          onChoose={onChoose}
          onOpen={open}
        />
      )}
    </div>
  )
}

function Waiting() {
  return (
    <Stack gap={6} aria-busy="true">
      {[220, 300, 180, 260].map((width) => (
        <Skeleton key={width} h={20} w={width} />
      ))}
    </Stack>
  )
}

function Above({ above, onGo }: { above: Category[]; onGo: (depth: number) => void }) {
  return (
    <nav aria-label={t('wizard.category.path')}>
      <Breadcrumbs separator="›" separatorMargin={6} classNames={{ root: classes.crumbs ?? '' }}>
        <Anchor component="button" type="button" size="sm" onClick={() => onGo(0)}>
          {t('wizard.category.browse')}
        </Anchor>
        {above.map((one, at) => (
          <Anchor key={one.id} component="button" type="button" size="sm" onClick={() => onGo(at + 1)}>
            {one.name}
          </Anchor>
        ))}
      </Breadcrumbs>
    </nav>
  )
}

type FoundProps = Omit<Props, 'channelId'> & {
  found: Answer<'marketplaceCategories'>
  channelId: string
  isSearch: boolean
  onOpen: (category: Category) => void
}

function Found({ found, isSearch, marketplace, channelId, chosenId, onChoose, onOpen }: FoundProps) {
  const reading = useMutation({
    mutationFn: () => call('readCategories', { params: { id: channelId } }),
    onSuccess: () => tell(t('wizard.category.reads')),
    onError: tellRefusal,
  })
  if (found.readAt === null)
    return (
      <Text size="sm" c="dimmed" role="status">
        {t('wizard.category.reading', { marketplace })}
      </Text>
    )
  return (
    <>
      {found.categories.length === 0 && (
        <Text size="sm" c="dimmed" role="status">
          {t('wizard.category.nothingFound')}
        </Text>
      )}
      <ul className={classes.categories} aria-label={t('wizard.category.result')}>
        {found.categories.map((category) => (
          <CategoryRow
            key={category.id}
            category={category}
            text={isSearch ? category.path : category.name}
            marketplace={marketplace}
            isChosen={category.id === chosenId}
            onChoose={onChoose}
            onOpen={onOpen}
          />
        ))}
      </ul>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        className={classes.more}
        leftSection={<IconRefresh size={13} aria-hidden="true" />}
        loading={reading.isPending}
        onClick={() => reading.mutate()}
      >
        {t('wizard.category.readAgain')}
      </Button>
    </>
  )
}

type RowProps = {
  category: Category
  text: string
  marketplace: string
  isChosen: boolean
  onChoose: (category: Category) => void
  onOpen: (category: Category) => void
}

function CategoryRow({ category, text, marketplace, isChosen, onChoose, onOpen }: RowProps) {
  const whyNot = category.isRetired
    ? t('wizard.category.retired', { marketplace })
    : category.isLeaf && !category.mayList
      ? t('wizard.category.notOpen')
      : undefined
  const isChoice = category.mayList && whyNot === undefined
  return (
    <li className={classes.category}>
      <UnstyledButton
        className={classes.categoryName}
        aria-disabled={whyNot !== undefined}
        aria-pressed={isChoice ? isChosen : undefined}
        onClick={() => {
          if (isChoice) onChoose(category)
          else if (!category.isLeaf && !category.isRetired) onOpen(category)
        }}
      >
        <span>{text}</span>
        {whyNot !== undefined && (
          <span className={classes.whyNot}>
            <IconBan size={13} aria-hidden="true" /> {whyNot}
          </span>
        )}
        {!isChoice && whyNot === undefined && <IconChevronRight size={15} aria-hidden="true" />}
      </UnstyledButton>
      {isChoice && !category.isLeaf && (
        <UnstyledButton
          className={classes.opens}
          aria-label={t('wizard.category.below', { name: category.name })}
          onClick={() => onOpen(category)}
        >
          <IconChevronRight size={15} aria-hidden="true" />
        </UnstyledButton>
      )}
    </li>
  )
}
