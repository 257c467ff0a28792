// What was typed and is not stored on the site yet is kept in the browser.

export type Values = Record<string, unknown>;

export interface Memory {
  read: () => Values;
  write: (values: Values) => void;
  /** Go on under the name of a dataset that was just made. */
  rename: (dataset: string) => void;
}

const PREFIX = "dcor-draft";

/** Memory of one user for one dataset; without a working store it forgets, and nothing else. */
export function memory(user: string, dataset: string | null, store: Storage | null = localStore()): Memory {
  let key = keyOf(user, dataset);
  const write = (values: Values) => {
    attempt(() => {
      if (Object.keys(values).length) {
        store?.setItem(key, JSON.stringify(values));
      } else {
        store?.removeItem(key);
      }
    });
  };
  return {
    read: () => attempt(() => parse(store?.getItem(key))) ?? {},
    write,
    rename: (name) => {
      attempt(() => store?.removeItem(key));
      key = keyOf(user, name);
    },
  };
}

function keyOf(user: string, dataset: string | null): string {
  return `${PREFIX}:${user}:${dataset ?? "new"}`;
}

function localStore(): Storage | null {
  return attempt(() => window.localStorage) ?? null;
}

function parse(text: string | null | undefined): Values {
  const found: unknown = JSON.parse(text ?? "{}");
  return typeof found === "object" && found !== null ? (found as Values) : {};
}

/** Browsers may refuse to store anything. */
function attempt<T>(task: () => T): T | undefined {
  try {
    return task();
  } catch {
    return undefined;
  }
}
