// Lines of a log for people.

/** A line that is JSON, written over several lines; null if it is none. */
export function prettyJson(line: string): string | null {
  const text = line.trim();
  if (!/^[[{]/.test(text) || text.length > 200_000) {
    return null;
  }
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return null;
  }
}

/** Parts of a line: every second one is what was searched for. */
export function marked(line: string, search: string): string[] {
  if (!search) {
    return [line];
  }
  const parts: string[] = [];
  const [low, wanted] = [line.toLowerCase(), search.toLowerCase()];
  let from = 0;
  // Where lower case has another length, places would not fit.
  for (
    let at = low.indexOf(wanted);
    at >= 0 && low.length === line.length;
    at = low.indexOf(wanted, from)
  ) {
    parts.push(line.slice(from, at), line.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  return [...parts, line.slice(from)];
}
