export const filesBytesMax = 200_000_000
export type Uploads = unknown
export type Form = unknown
export async function readForm(..._args: unknown[]): Promise<Form> {
  return {}
}
