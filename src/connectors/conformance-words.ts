// How marketplaces truly differ in what the conformance suite shows. One that is like most needs no entry.
import type { Reply } from './connector.ts'

export type Differences = {
  /** The marketplace's word for our carrier "ups". */
  ups: string
  /** Several listings may have one SKU. */
  skusMayRepeat: boolean
  awkwardSkus: string[]
  /** What a push to a listing that is not there may be answered. */
  unknownListing: Reply['kind'][]
  /** A confirmation is answered by its status alone: there is no body to lose. */
  shipAnswersWithoutBody: boolean
  /** What a product with variations says besides. */
  familyAttributes?: Record<string, string>
}

export function differencesOf(marketplace: string): Differences {
  return { ...usual, ...differences[marketplace] }
}

const usual: Differences = {
  ups: 'UPS',
  skusMayRepeat: false,
  awkwardSkus: ['A+B & C/é #1', '50%25 off/+x', 'emoji 🎸 x'],
  unknownListing: ['gone'],
  shipAnswersWithoutBody: false,
}

const differences: Record<string, Partial<Differences>> = {
  amazon: {
    familyAttributes: { variation_theme: 'COLOR' },
    shipAnswersWithoutBody: true,
    // A change of an unknown SKU is taken and makes nothing (docs#3748); reading back tells.
    unknownListing: ['done', 'gone'],
  },
  reverb: {
    skusMayRepeat: true,
  },
  tiktok: {
    // Carriers go by number there.
    ups: '7117858858072016909',
    // Sellers' SKUs have no blanks there.
    awkwardSkus: ['A+B&C/é#1', '50%25off/+x', 'emoji🎸x'],
  },
}
