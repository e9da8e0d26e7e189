// Looking into a file and importing it. Only the head of a file is sent for the look, so that a large one is uploaded once.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../api.ts'
import { ask, call } from '../../api.ts'
import type { FileKind } from './ImportDialog.tsx'

export type Inspection = Answer<'inspectFile'>
export type Layout = Inspection['layout']
export type Look = Inspection & { head: Uint8Array; whole: boolean }

/** More than the hub reads for a look, so that it knows of the rest. */
const headBytes = 200_000
const fileBytesMax = 512 * 1024 * 1024

export function useImport(kind: FileKind, supplierId: string | undefined) {
  const client = useQueryClient()
  const [file, setFile] = useState<File>()
  const [tooLarge, setTooLarge] = useState<number>()
  const formOf = (blob: Blob, name: string) => {
    // Fields come before the file, so that the hub knows what it is about when the file arrives.
    const form = new FormData()
    form.set('kind', kind)
    if (supplierId) form.set('supplierId', supplierId)
    return { form, withFile: () => (form.set('file', blob, name), form) }
  }
  const looking = useMutation({
    mutationFn: async (chosen: File): Promise<Look> => {
      const whole = chosen.size <= headBytes
      const head = whole ? chosen : chosen.slice(0, headBytes)
      const found = await call('inspectFile', { body: formOf(head, chosen.name).withFile() })
      return { ...found, head: new Uint8Array(await head.arrayBuffer()), whole }
    },
  })
  const importing = useMutation({
    mutationFn: (layout: Layout) => {
      if (!file) throw new Error('A file is chosen before it is imported.')
      const { form, withFile } = formOf(file, file.name)
      form.set('layout', JSON.stringify(layout))
      return call('importFile', { body: withFile() })
    },
    onSuccess: (started) => {
      client.setQueryData(ask('import', { params: { id: started.id } }).queryKey, started)
      return client.invalidateQueries({ queryKey: ['imports'] })
    },
  })
  const look = (chosen: File) => {
    setTooLarge(chosen.size > fileBytesMax ? chosen.size : undefined)
    if (chosen.size > fileBytesMax) return
    setFile(chosen)
    looking.mutate(chosen)
  }
  const startOver = () => {
    looking.reset()
    importing.reset()
    setFile(undefined)
  }
  return { file, tooLarge, looking, importing, look, startOver }
}
