// The marketplace's own categories, once a day and when somebody asks: from the top down to the leaves.
import type { ListingCategory } from '../connectors/connector.ts'
import { storeCategories } from '../domain/listings/categories.store.ts'
import type { ChannelOperation, ChannelRun } from './channel-run.ts'

/** At once, as far as the pace lets them. */
const lanes = 4
/** A tree that names itself as its own branch would have no end. */
const categoriesMax = 100_000

export const pullCategories: ChannelOperation = {
  name: 'pull-categories',
  everySeconds: 24 * 3600,
  possible: (connector) => connector.listings?.categories !== undefined,
  async run(run) {
    const categories = await walk(run)
    await run.transaction((tx) => storeCategories(tx, run.channel.id, categories))
    return 'done'
  },
}

async function walk({ connector, call }: ChannelRun): Promise<ListingCategory[]> {
  const found = new Map<string, ListingCategory>()
  let level: (string | null)[] = [null]
  while (level.length > 0 && found.size < categoriesMax) {
    const below: string[] = []
    for (let from = 0; from < level.length; from += lanes) {
      const asked = level
        .slice(from, from + lanes)
        .map(async (parentId) => (await connector.listings?.categories?.(call, parentId)) ?? [])
      for (const category of (await Promise.all(asked)).flat()) {
        if (found.has(category.id)) continue
        found.set(category.id, category)
        if (!category.isLeaf) below.push(category.id)
      }
    }
    level = below
  }
  return [...found.values()]
}
