// How long a question waits before it is asked again, where others use all that there is.

/** Questions until the page gives up, after a dozen of seconds. */
export const ROUNDS = 14;
const FIRST_MILLISECONDS = 150;

/**
 * Milliseconds until question number `round` (from 0) is asked again: longer each time, but no
 * longer than 1.5 × what the site says (`again`, in seconds), or this visitor's place is lost.
 * `chance` (0 … 1) keeps pages from asking at the same moment.
 */
export function waitBefore(round: number, again: number, chance: number): number {
  const longest = 1000 * (again > 0 ? again : 1);
  return Math.min(FIRST_MILLISECONDS * 2 ** round, longest) * (0.5 + chance);
}
