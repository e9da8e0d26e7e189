// Where a form is refused, whoever types goes on at the first field that is wrong, in the order of the page.
type Form = { getInputNode: (path: string) => HTMLElement | null }

export function goToFirstFault(form: Form, faults: Record<string, unknown>): void {
  const nodes = Object.keys(faults).flatMap((path) => form.getInputNode(path) ?? [])
  const [first] = nodes.toSorted((one, other) =>
    one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
  )
  first?.focus()
}
