// In which order the gallery shows events.

export type Order = "overview" | "index" | "x" | "y" | "colour" | "random";

/** Places among the sampled events, ascending by value; events without value come last. */
export function byValue(places: readonly number[], values: Float64Array): number[] {
  const key = (place: number) => (Number.isFinite(values[place]!) ? values[place]! : Infinity);
  return [...places].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a - b));
}

/** A shuffle that is the same every time, so that pages do not overlap. */
export function shuffled(places: readonly number[], seed = 42): number[] {
  const found = [...places];
  let state = seed;
  for (let end = found.length - 1; end > 0; end -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (end + 1));
    [found[end], found[other]] = [found[other]!, found[end]!];
  }
  return found;
}

/** Those of a page. */
export function pageOf<T>(all: readonly T[], page: number, size: number): T[] {
  return all.slice(page * size, (page + 1) * size);
}
