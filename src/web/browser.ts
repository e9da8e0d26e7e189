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
