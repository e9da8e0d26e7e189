// What a sandbox knows, as bytes, so that a demonstration goes on after a restart. Stories under way (a payment to come, a
// parcel on its road) are not kept: what is true stays true, what was going to happen does not.
import { deserialize, serialize } from 'node:v8'

/** The named parts of a state: maps, sets, dates and plain values; one object under two names stays one. */
export function keepParts<State extends object>(state: State, names: readonly (keyof State)[]): Buffer {
  return serialize(Object.fromEntries(names.map((name) => [name, state[name]])))
}

export function bringBackParts<State extends object>(
  state: State,
  names: readonly (keyof State)[],
  bytes: Buffer,
): void {
  const kept = deserialize(bytes) as Partial<State>
  for (const name of names) {
    const value = kept[name]
    if (value !== undefined) state[name] = value
  }
}
