// The one place of the web app that touches the browser's clock, timers and network, so that everything else can be
// tested with its own.

export function nowMs(): number {
  return Date.now()
}

export function after(milliseconds: number, run: () => void): () => void {
  const timer = window.setTimeout(run, milliseconds)
  return () => window.clearTimeout(timer)
}

export function every(milliseconds: number, run: () => void): () => void {
  const timer = window.setInterval(run, milliseconds)
  return () => window.clearInterval(timer)
}

export function request(path: string, init: RequestInit): Promise<Response> {
  return window.fetch(path, { ...init, credentials: 'same-origin' })
}

/** As the browser saves any download. */
export function saveFile(name: string, content: Blob): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}

export type Tab = { go(address: string): void; close(): void }

/** Opened within the click, or the browser takes it for an advertisement. The page in it cannot reach back to us. */
export function openTab(): Tab {
  const tab = window.open('', '_blank')
  if (tab) tab.opener = null
  return { go: (address) => tab?.location.replace(address), close: () => tab?.close() }
}

/** Leaves the app for another address. */
export function goAway(address: string): void {
  window.location.assign(address)
}

/** What came in the address was used and counts once, so it does not stay there to be seen or tried again. */
export function forgetQuery(): void {
  window.history.replaceState(window.history.state, '', window.location.pathname)
}

/** Of a row of tabs that is wider than the screen, the chosen one is seen. */
export function bringIntoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest', inline: 'center' })
}
