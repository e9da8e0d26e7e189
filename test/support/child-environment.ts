/** What a program that a test starts gets of our environment: nothing of the settings a developer may have. */
export function childEnvironment(settings: Record<string, string>): Record<string, string> {
  const { PATH = '', NODE_COMPILE_CACHE: cache } = process.env
  return { PATH, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }), ...settings }
}
