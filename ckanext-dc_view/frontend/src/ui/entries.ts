// Entries of a search box, and which of them are meant.

export interface Entry {
  value: string;
  text: string;
  group: string;
  /** Found by these words too. */
  words: string;
}

/** Entries that hold all words of the search. */
export function matching(entries: readonly Entry[], search: string): Entry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ text, words: more }) => {
    const all = `${text} ${more}`.toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Entries by group, groups in the order of their first entry. */
export function grouped(entries: readonly Entry[]): [string, Entry[]][] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry]);
  }
  return [...groups];
}
