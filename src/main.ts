// Starts the hub: web server, engine, or both (--role web, --role engine).
import { processEnvironment, readConfig } from './config.ts'
import type { Hub } from './hub.ts'
import { StartRefused } from './platform/start-refused.ts'

let hub: Hub | undefined
let isStopping = false

async function start(): Promise<void> {
  const config = readConfig(processEnvironment, process.argv.slice(2))
  // Only now: a mistake in the configuration is told before the whole program is loaded.
  const { createHub } = await import('./hub.ts')
  const started = await createHub(config, {
    onFatal: (sentence) => {
      console.error(sentence)
      process.exit(1)
    },
  })
  hub = started
  if (isStopping) return stop()
  const address = config.port === 0 ? started.address : config.publicUrl
  console.log(started.address === undefined ? 'The Fairlead engine is ready' : `Fairlead is ready at ${address}`)
  if (started.setupToken !== undefined)
    console.log(`First run: open ${address}/setup and enter the setup token ${started.setupToken}`)
}

async function stop(): Promise<void> {
  await hub?.stop()
  process.exit(0)
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    // Somebody insists: what is unfinished is taken up again at the next start.
    if (isStopping) process.exit(1)
    isStopping = true
    if (hub) void stop()
  })
}

start().catch((error: unknown) => {
  if (error instanceof StartRefused) {
    console.error(error.sentence)
    process.exit(2)
  }
  console.error(error)
  process.exit(1)
})
