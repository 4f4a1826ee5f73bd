// What is being typed and is not on the hub yet, kept on this machine from the first stroke on: a browser that dies loses nothing.

export interface Drafts<T extends { readonly id: string }> {
  readonly save: (draft: T) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
  readonly all: () => Promise<readonly T[]>;
}

const STORE = "drafts";

/** Drafts of one kind, in a database of this name. */
export function draftsOf<T extends { readonly id: string }>(name: string): Drafts<T> {
  let opened: Promise<IDBDatabase> | undefined;
  const database = (): Promise<IDBDatabase> => {
    opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("no database"));
    });
    return opened;
  };
  const written = (act: (store: IDBObjectStore) => void): Promise<void> =>
    database().then(
      (db) =>
        new Promise((resolve, reject) => {
          // Strict: it is on the disk when this says so.
          const transaction = db.transaction(STORE, "readwrite", { durability: "strict" });
          act(transaction.objectStore(STORE));
          transaction.oncomplete = () => resolve();
          transaction.onerror = () => reject(transaction.error ?? new Error("not written"));
          transaction.onabort = () => reject(transaction.error ?? new Error("not written"));
        }),
    );
  return {
    save: (draft) => written((store) => store.put(draft)),
    remove: (id) => written((store) => store.delete(id)),
    all: async () => {
      const db = await database();
      return new Promise((resolve, reject) => {
        const request = db.transaction(STORE, "readonly").objectStore(STORE).getAll() as IDBRequest<T[]>;
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error ?? new Error("not read"));
      });
    },
  };
}
