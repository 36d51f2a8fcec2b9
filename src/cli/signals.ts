// Signals of the operating system as an AbortSignal: the first asks for an orderly end, the second ends at once.

export interface SignalWatch {
  readonly signal: AbortSignal
  close(): void
}

export function watchSignals(): SignalWatch {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(name === 'SIGINT' ? 130 : 143)
    controller.abort()
  }
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const name of names) process.on(name, onSignal)
  return {
    signal: controller.signal,
    close: () => {
      for (const name of names) process.off(name, onSignal)
    },
  }
}
