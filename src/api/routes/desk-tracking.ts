import type { Database } from '../../platform/database.ts'
import type { Uploads } from '../../platform/uploads.ts'
import type { Handler } from '../handler.ts'
import { Refused } from '../refusals.ts'

/** A supplier dispatches in bulk by a file (G3). */
export function deskTracking(_db: Database, _uploads: Uploads): Handler<'uploadDeskTracking'> {
  return async ({ form }) => {
    await form()
    throw new Refused(503, 'not-yet', 'Files with tracking are not taken yet.')
  }
}
