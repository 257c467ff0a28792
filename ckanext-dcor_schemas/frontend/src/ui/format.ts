// Numbers for people.

const UNITS = ["bytes", "kB", "MB", "GB", "TB"];

export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit && value < 100 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

export function duration(seconds: number): string {
  if (seconds < 60) {
    return `${Math.max(1, Math.round(seconds))} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Speed of an upload, smoothed over some seconds [bytes per second]. */
export class Speedometer {
  #last: { time: number; bytes: number } | null = null;
  #speed = 0;

  measure(bytes: number, time: number): number {
    const last = this.#last;
    if (!last || bytes < last.bytes) {
      this.#last = { time, bytes };
      return this.#speed;
    }
    const seconds = (time - last.time) / 1000;
    if (seconds < 0.5) {
      return this.#speed;
    }
    const now = (bytes - last.bytes) / seconds;
    this.#speed = this.#speed ? 0.7 * this.#speed + 0.3 * now : now;
    this.#last = { time, bytes };
    return this.#speed;
  }
}
