// Uploads that are not finished, kept in the browser beyond a reload of the page.

export interface UploadRecord {
  /** Key of the record. */
  key: string;
  user: string;
  dataset: string;
  circle: string;
  /** Name of the resource to be, and what the file is recognised by. */
  name: string;
  fileName: string;
  size: number;
  modified: number;
  /** When the file was chosen [ms]: files are uploaded in this order. */
  chosen: number;
  /** Nothing until the site has allowed the upload. */
  resourceId: string | null;
  /** MD5 of each part that has arrived, null for the others. */
  etags: (string | null)[];
  /** Lets the browser open the file again, where it can. */
  handle?: FileSystemFileHandle;
}

export interface Records {
  all: (user: string, dataset: string) => Promise<UploadRecord[]>;
  put: (record: UploadRecord) => Promise<void>;
  remove: (key: string) => Promise<void>;
}

const STORE = "uploads";

/** Records in the database of the browser; without one they last as long as the page. */
export function records(): Records {
  const fallback = new Map<string, UploadRecord>();
  const opened = open().catch(() => null);
  const ask = async <T>(mode: IDBTransactionMode, request: (store: IDBObjectStore) => IDBRequest<T>) => {
    const database = await opened;
    return database ? promise(request(database.transaction(STORE, mode).objectStore(STORE))) : null;
  };
  return {
    all: async (user, dataset) => {
      const found = (await ask("readonly", (store) => store.getAll() as IDBRequest<UploadRecord[]>).catch(() => null)) ?? [...fallback.values()];
      const own = found.filter((record) => record.user === user && record.dataset === dataset);
      return own.sort((a, b) => a.chosen - b.chosen);
    },
    put: async (record) => {
      fallback.set(record.key, record);
      await ask("readwrite", (store) => store.put(record)).catch(() => undefined);
    },
    remove: async (key) => {
      fallback.delete(key);
      await ask("readwrite", (store) => store.delete(key)).catch(() => undefined);
    },
  };
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("dcor-uploads", 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore(STORE, { keyPath: "key" });
  });
  return promise(request);
}

function promise<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("no database")));
  });
}
