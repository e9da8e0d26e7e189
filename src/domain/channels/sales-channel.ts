// A sales channel's settings: what may be saved, what is corrected, and what is worth a warning (A10).

export type ChannelSettings = {
  stockUpdate: boolean
  priceUpdate: boolean
  /** 0: not active. */
  advertisedMax: number
  stockThreshold: number
  excludeUnmapped: boolean
  splitMixed: boolean
  currency: string
  defaultShippingServiceId: string | null
}

export const settingMax = 1_000_000
const nameCharactersMax = 80
const stockThresholdDefault = 5

/** Where a 0 cannot be undone, no listing shall fall to 0 by a threshold nobody chose. */
export function defaultSettings(marketplace: { zeroIsFinal: boolean }, currency: string): ChannelSettings {
  return {
    stockUpdate: false,
    priceUpdate: false,
    advertisedMax: 0,
    stockThreshold: marketplace.zeroIsFinal ? 0 : stockThresholdDefault,
    excludeUnmapped: false,
    splitMixed: false,
    currency,
    defaultShippingServiceId: null,
  }
}

export type SettingsChange = { [Key in keyof ChannelSettings]?: ChannelSettings[Key] | undefined }

export type ChangedSettings =
  | { kind: 'changed'; settings: ChannelSettings; switchedOff: ('excludeUnmapped' | 'splitMixed')[] }
  | { kind: 'refused'; fields: Record<string, string> }

export function changeSettings(before: ChannelSettings, change: SettingsChange, currencies: string[]): ChangedSettings {
  const fields: Record<string, string> = {}
  for (const field of ['advertisedMax', 'stockThreshold'] as const) {
    const value = change[field]
    if (value !== undefined && !isQuantity(value)) fields[field] = 'Give a whole number from 0 to 1,000,000.'
  }
  if (change.currency !== undefined && currencies.length > 0 && !currencies.includes(change.currency)) {
    fields['currency'] = `This account can use ${currencies.join(', ')}.`
  }
  if (change.excludeUnmapped === true && change.splitMixed === true) {
    fields['splitMixed'] = 'Exclude unmapped orders and Split orders with unknown SKUs cannot both be on.'
  }
  if (Object.keys(fields).length > 0) return { kind: 'refused', fields }
  const settings = { ...before, ...withoutUndefined(change) }
  const switchedOff: ('excludeUnmapped' | 'splitMixed')[] = []
  if (change.excludeUnmapped === true && settings.splitMixed) {
    settings.splitMixed = false
    switchedOff.push('splitMixed')
  }
  if (change.splitMixed === true && settings.excludeUnmapped) {
    settings.excludeUnmapped = false
    switchedOff.push('excludeUnmapped')
  }
  return { kind: 'changed', settings, switchedOff }
}

/** Settings that fight are allowed, with the example that shows it. */
export function settingsWarnings(settings: ChannelSettings, facts: { zeroIsFinal: boolean }): string[] {
  const { stockThreshold, advertisedMax } = settings
  const warnings: string[] = []
  if (!settings.stockUpdate) {
    warnings.push('Stock update is off: listings may oversell until it is on.')
  }
  if (advertisedMax > 0 && stockThreshold >= advertisedMax) {
    warnings.push(
      `With a threshold of ${stockThreshold} and a max of ${advertisedMax}, a listing can only show ${advertisedMax} or 0: ` +
        `at ${stockThreshold} in stock it shows 0, at ${stockThreshold + 1} it shows ${advertisedMax}.`,
    )
  }
  if (facts.zeroIsFinal && stockThreshold > 0) {
    warnings.push(
      `A used item that shows 0 ends for good here. With a threshold of ${stockThreshold}, such an item would end with ` +
        `${stockThreshold} in stock; it waits for you instead.`,
    )
  }
  return warnings
}

/** Whether what listings show depends on it. */
export function changesListings(before: ChannelSettings, after: ChannelSettings): boolean {
  const keys = ['stockUpdate', 'priceUpdate', 'advertisedMax', 'stockThreshold', 'currency'] as const
  return keys.some((key) => before[key] !== after[key])
}

/** The name as it is kept, or what is wrong with it. */
export function channelName(text: string): { name: string } | { wrong: string } {
  const name = text.trim().replace(/\s+/g, ' ')
  if (name === '') return { wrong: 'Give it a name.' }
  if (name.length > nameCharactersMax) return { wrong: `A name has at most ${nameCharactersMax} characters.` }
  return { name }
}

function isQuantity(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= settingMax
}

function withoutUndefined(change: SettingsChange): Partial<ChannelSettings> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}
