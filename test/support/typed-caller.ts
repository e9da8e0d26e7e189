// A client that knows a marketplace only by the types that openapi-typescript makes of its published spec: the path, the
// query, the body and the answer of each call are theirs, and nothing else is known here.

type Holder = { content: { 'application/json': unknown } }
type Json<Value> = Value extends Holder ? Value['content']['application/json'] : never
type Operation = { parameters: object; requestBody?: unknown; responses: object }

/** What a call must be given: nothing that its operation does not take, and all that it demands. */
type Input<Op extends Operation> = Pick<Op['parameters'], keyof Op['parameters'] & ('path' | 'query')> &
  ([NonNullable<Op['requestBody']>] extends [never]
    ? { body?: undefined }
    : { body: Json<NonNullable<Op['requestBody']>> })
type Answer<Op extends Operation> = 200 extends keyof Op['responses'] ? Json<Op['responses'][200]> : undefined
type MethodsOf<Paths, Path extends keyof Paths> = {
  [Method in keyof Paths[Path]]: Paths[Path][Method] extends Operation ? Method : never
}[keyof Paths[Path]]
type OperationOf<Paths, Path extends keyof Paths, Method> = Method extends keyof Paths[Path]
  ? Extract<Paths[Path][Method], Operation>
  : never

export type TypedCaller<Paths> = <Path extends keyof Paths & string, Method extends MethodsOf<Paths, Path> & string>(
  method: Method,
  path: Path,
  input: Input<OperationOf<Paths, Path, Method>>,
) => Promise<Answer<OperationOf<Paths, Path, Method>>>

export function typedCaller<Paths>(origin: string, token: string): TypedCaller<Paths> {
  return async (method, path, input) => {
    const given = input as { path?: Record<string, unknown>; query?: Record<string, unknown>; body?: unknown }
    const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given.path?.[name])))
    const query = new URLSearchParams(
      Object.entries(given.query ?? {}).flatMap(([name, value]) => [value].flat().map((one) => [name, String(one)])),
    )
    const response = await fetch(`${origin}${filled}${query.size === 0 ? '' : `?${query}`}`, {
      method: method.toUpperCase(),
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as never
  }
}
