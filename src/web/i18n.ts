// Texts in use: `t('nav.home')`, typed by the table in texts.ts. Ready before the first screen is drawn.
import { createInstance } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { texts } from './texts.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    returnNull: false
    resources: { translation: typeof texts }
  }
}

const i18n = createInstance()
void i18n.use(initReactI18next).init({
  lng: 'en-GB',
  fallbackLng: 'en-GB',
  initAsync: false,
  resources: { 'en-GB': { translation: texts } },
  interpolation: { escapeValue: false },
})

export const t = i18n.t
