// The fields of a parcel, and where a refusal of it is shown: at its field, or above the form.
import { useForm } from '@mantine/form'
import { useState } from 'react'
import { ApiRefusal } from '../api.ts'
import { t } from '../i18n.ts'
import { errorText } from './ErrorState.tsx'
import { quantityFault, type OpenLine, type Parcel } from './parcel.ts'

export type ParcelFields = ReturnType<typeof useParcelForm>

type Options = {
  lines: OpenLine[]
  carrier?: string
  /** The buyer fetches it. */
  needsNoTracking?: boolean
}

export function useParcelForm({ lines, carrier = '', needsNoTracking = false }: Options) {
  const [refused, setRefused] = useState<string>()
  const form = useForm<Parcel>({
    initialValues: { carrier, trackingNumber: '', isPart: false, quantities: {} },
    validate: {
      carrier: (typed) => textFault(typed, 60),
      trackingNumber: (typed) => (needsNoTracking && typed.trim() === '' ? null : textFault(typed, 100)),
      quantities: (_, parcel) => quantityFault(parcel, lines),
    },
  })
  return {
    form,
    lines,
    refused,
    begin: () => setRefused(undefined),
    refuse(error: unknown) {
      const fields = error instanceof ApiRefusal ? error.fields : {}
      const { carrier: carrierFault, trackingNumber, lines: quantities, ...others } = fields
      form.setErrors({ carrier: carrierFault, trackingNumber, quantities })
      if (quantities) form.setFieldValue('isPart', true)
      if (!carrierFault && !trackingNumber && !quantities) setRefused(Object.values(others)[0] ?? errorText(error))
    },
  }
}

function textFault(text: string, max: number): string | null {
  if (text.trim() === '') return t('errors.required')
  return text.trim().length > max ? t('errors.tooLong', { max }) : null
}
