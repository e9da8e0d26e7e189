import type { JobName } from '../platform/jobs.ts'
import type { JobData } from '../platform/tx.ts'
import type { EngineParts } from './channel-run.ts'

/** Work on a whole business, carried by a job of that name. */
export type TenantJob = {
  name: Exclude<JobName, 'channel'>
  /** Left out where it only runs when something asks for it. */
  everySeconds?: number
  run(parts: EngineParts, data: JobData & { tenantId: string }): Promise<void>
  /** It failed every time: what waited for it must not wait for ever. Left out: it is planned again at once. */
  givenUp?(parts: EngineParts, data: JobData & { tenantId: string }): Promise<void>
}
