import type { FastifyRequest } from 'fastify'
import { fileLimits } from '../domain/files/layout.ts'
import type { Ids } from '../platform/ids.ts'
import type { Uploads } from '../platform/uploads.ts'
import { badFields, Refused } from './refusals.ts'

export const fileBytesMax = fileLimits.fileBytesMax

/** A form with a file: the file is stored under an id, the fields are texts not looked at yet. */
export type Form = {
  fields: Record<string, string>
  file: { id: string; fileName: string; sizeBytes: number }
  /** Else the file is gone when the answer is out. */
  keep(): void
}

export type FormReader = { read(): Promise<Form>; dispose(): Promise<void> }

/** The file goes to the disk as it comes; of one too large nothing stays. */
export function formReader(request: FastifyRequest, uploads: Uploads, ids: Ids): FormReader {
  const id = ids.uuid()
  const state = { isStored: false, isKept: false }
  return {
    async read() {
      if (!request.isMultipart()) throw new Refused(415, 'bad-type', 'A file is expected, sent as multipart/form-data.')
      const fields: Record<string, string> = {}
      let file: Form['file'] | undefined
      for await (const part of request.parts()) {
        if (part.type === 'field') {
          if (typeof part.value === 'string') fields[part.fieldname] = part.value
          continue
        }
        if (part.fieldname !== 'file') throw badFields({ [part.fieldname]: 'The file belongs into the field “file”.' })
        const saved = await uploads.save(id, part.file, { bytesMax: fileBytesMax })
        if (saved.kind === 'too-large') throw tooLarge()
        state.isStored = true
        file = { id, fileName: part.filename || 'file.csv', sizeBytes: saved.sizeBytes }
      }
      if (!file) throw badFields({ file: 'Choose a file.' })
      return { fields, file, keep: () => void (state.isKept = true) }
    },
    async dispose() {
      if (state.isStored && !state.isKept) await uploads.delete(id)
    },
  }
}

function tooLarge(): Refused {
  const megabytes = Math.floor(fileBytesMax / 1024 / 1024)
  const sentence = `The file is larger than ${megabytes} MB, the most the hub takes. Split it, or leave out columns that are not needed.`
  return new Refused(413, 'too-large', sentence, { fields: { file: sentence } })
}
