// How long the page waits before it looks again: the longer nothing has happened, the longer.

const SLOWEST_SECONDS = 30;
const GROWTH = 1.5;

/** Seconds until the next look, after `quiet` looks in a row that have found nothing new. */
export function pauseBefore(first: number, quiet: number): number {
  return Math.min(SLOWEST_SECONDS, first * GROWTH ** quiet);
}
