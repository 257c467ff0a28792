// Signals to stop.

/** A signal that follows another one and can be given on its own. */
export function stoppable(signal: AbortSignal): { signal: AbortSignal; stop: () => void } {
  const own = new AbortController();
  const follow = () => own.abort();
  signal.addEventListener("abort", follow);
  if (signal.aborted) {
    follow();
  }
  const stop = () => {
    signal.removeEventListener("abort", follow);
    own.abort();
  };
  return { signal: own.signal, stop };
}

/** Wait, but no longer than wanted. */
export function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException("Stopped", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) {
      stop();
    }
  });
}
