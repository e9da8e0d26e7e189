// TypeScript types made of a published spec by openapi-typescript. It wants a TypeScript that can be called as a library,
// which ours cannot; one that can is installed beside it under a name of its own.
import { createRequire, registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)
export const callableTypeScript = 'typescript-6'

/** Undefined where no such TypeScript is installed. */
export async function typesFromSpec(path: string): Promise<string | undefined> {
  const compiler = tryResolve(callableTypeScript)
  if (compiler === undefined) return undefined
  const hooks = registerHooks({
    resolve: (name, context, next) =>
      name === 'typescript' ? { url: pathToFileURL(compiler).href, shortCircuit: true } : next(name, context),
  })
  try {
    const { default: generate, astToString } = await import('openapi-typescript')
    // In a spec, an object without properties is often the other half of one that has them.
    return astToString(await generate(pathToFileURL(path), { emptyObjectsUnknown: true }))
  } finally {
    hooks.deregister()
  }
}

function tryResolve(name: string): string | undefined {
  try {
    return require.resolve(name)
  } catch {
    return undefined
  }
}
