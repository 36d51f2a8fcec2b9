// Failures that every request meets are told once, as long as they are the same.

export function onceEach(tell: (cause: unknown) => void): (cause: unknown) => void {
  let told: string | undefined
  return cause => {
    const failure = String(cause)
    if (failure !== told) tell(cause)
    told = failure
  }
}
