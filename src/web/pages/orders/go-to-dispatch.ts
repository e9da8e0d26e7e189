/** The carrier field of the first open purchase order: where dispatching begins. */
export function goToDispatch() {
  const field = document.querySelector<HTMLInputElement>('form[data-dispatch] input')
  field?.scrollIntoView({ block: 'center', behavior: 'smooth' })
  field?.focus({ preventScroll: true })
}
