// Reverb's conditions, and which of them take a quantity. The others are one of a kind: stock 0 ends such a listing, and
// stock put back does not revive it (R1). UUIDs from the published spec, behaviour from the compiled reference.

/** What a dropship seller sells, and what a listing is made as where no condition is chosen. */
export const brandNew = '7c3f45de-2ae0-4c81-8400-fdb6b1d74890'

export const conditions: Record<string, { name: string; takesQuantity: boolean }> = {
  'fbf35668-96a0-4baa-bcde-ab18d6b1b329': { name: 'Non Functioning', takesQuantity: false },
  '6a9dfcad-600b-46c8-9e08-ce6e5057921e': { name: 'Poor', takesQuantity: false },
  '98777886-76d0-44c8-865e-bb40e669e934': { name: 'Fair', takesQuantity: false },
  'f7a3f48c-972a-44c6-b01a-0cd27488d3f6': { name: 'Good', takesQuantity: false },
  'ae4d9114-1bd7-4ec5-a4ba-6653af5ac84d': { name: 'Very Good', takesQuantity: false },
  'df268ad1-c462-4ba6-b6db-e007e23922ea': { name: 'Excellent', takesQuantity: false },
  'ac5b9c1e-dc78-466d-b0b3-7cf712967a48': { name: 'Mint', takesQuantity: false },
  '6db7df88-293b-4017-a1c1-cdb5e599fa1a': { name: 'Mint (with inventory)', takesQuantity: true },
  '9225283f-60c2-4413-ad18-1f5eba7a856f': { name: 'B-Stock', takesQuantity: true },
  [brandNew]: { name: 'Brand New', takesQuantity: true },
}

/** By UUID, for names were renamed once (R17); a condition we do not know is taken for one of a kind, the careful reading. */
export function takesQuantity(conditionUuid: string | null): boolean {
  if (conditionUuid === null || !Object.hasOwn(conditions, conditionUuid)) return false
  return conditions[conditionUuid]?.takesQuantity ?? false
}
