// Which operation a request asks for.

/** A path as published specifications write it, such as `/orders/{orderId}/items`. The first that fits is taken. */
export type RoutePattern = { method: string; path: string }

export function matchRoute<Route extends RoutePattern>(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  const parts = path.split('/').map(decodePart)
  for (const route of routes) {
    const params = route.method === method ? matchPath(route.path.split('/'), parts) : undefined
    if (params) return { route, params }
  }
  return undefined
}

/** A part of a path; what is badly encoded stays as it is, and is then simply not found. */
export function decodePart(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** Path and query of a request line, whether it names the host or not. */
export function splitUrl(url: string): { path: string; query: URLSearchParams } {
  const [path = '', query = ''] = url.replace(/^https?:\/\/[^/]+/, '').split(/\?(.*)/s)
  return { path, query: new URLSearchParams(query) }
}

function matchPath(pattern: string[], parts: string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? ''
    if (!expected.startsWith('{')) {
      if (expected !== part) return undefined
    } else if (part === '') return undefined
    else params[expected.slice(1, -1)] = part
  }
  return params
}
