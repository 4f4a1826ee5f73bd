// The phone's own disk: what waits, files, and what must be readable without a network. A promise that is kept here survives a killed browser and a reboot.
import type { Item } from "./items.ts";
import type { Store } from "./outbox.ts";

const NAME = "atalaya-field";
const VERSION = 1;

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the phone's disk refused"));
  });
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("the phone's disk refused"));
    transaction.onerror = () => reject(transaction.error ?? new Error("the phone's disk refused"));
  });
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("items", { keyPath: "id" });
    request.result.createObjectStore("files");
    request.result.createObjectStore("kept");
  };
  return asked(request);
}

/** Items and files, and by name what is needed without a network. */
export interface Keeping extends Store {
  kept<T>(name: string): Promise<T | undefined>;
  keep(name: string, value: unknown): Promise<void>;
  /** When the person leaves this phone: nothing of theirs stays. */
  clear(): Promise<void>;
}

/** A phone whose disk cannot be had, as in a private window: it works for as long as the page is open, and says so. */
export class Memory implements Keeping {
  readonly #items = new Map<string, Item>();
  readonly #files = new Map<string, Blob>();
  readonly #kept = new Map<string, unknown>();

  items(): Promise<readonly Item[]> {
    return Promise.resolve([...this.#items.values()]);
  }
  async put(item: Item): Promise<void> {
    this.#items.set(item.id, item);
  }
  async remove(id: string): Promise<void> {
    this.#items.delete(id);
  }
  file(id: string): Promise<Blob | undefined> {
    return Promise.resolve(this.#files.get(id));
  }
  async putWithFile(item: Item, file: Blob): Promise<void> {
    this.#files.set(item.id, file);
    await this.put(item);
  }
  async removeFile(id: string): Promise<void> {
    this.#files.delete(id);
  }
  kept<T>(name: string): Promise<T | undefined> {
    return Promise.resolve(this.#kept.get(name) as T | undefined);
  }
  async keep(name: string, value: unknown): Promise<void> {
    this.#kept.set(name, value);
  }
  async clear(): Promise<void> {
    for (const all of [this.#items, this.#files, this.#kept]) all.clear();
  }
}

export class Database implements Keeping {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
    // Another page of ours brings a newer version: it must not wait for this one.
    database.onversionchange = () => database.close();
  }

  static async open(): Promise<Database> {
    return new Database(await open());
  }

  /** `strict`: on the medium, not only handed to the system, when the promise is kept. */
  async #write(stores: readonly string[], write: (transaction: IDBTransaction) => void): Promise<void> {
    const transaction = this.#database.transaction([...stores], "readwrite", { durability: "strict" });
    const done = committed(transaction);
    write(transaction);
    await done;
  }

  async items(): Promise<readonly Item[]> {
    return asked(this.#database.transaction("items").objectStore("items").getAll() as IDBRequest<Item[]>);
  }
  async put(item: Item): Promise<void> {
    await this.#write(["items"], (transaction) => void transaction.objectStore("items").put(item));
  }
  async remove(id: string): Promise<void> {
    await this.#write(["items"], (transaction) => void transaction.objectStore("items").delete(id));
  }
  async file(id: string): Promise<Blob | undefined> {
    return asked(this.#database.transaction("files").objectStore("files").get(id) as IDBRequest<Blob | undefined>);
  }
  async putWithFile(item: Item, file: Blob): Promise<void> {
    await this.#write(["items", "files"], (transaction) => {
      transaction.objectStore("files").put(file, item.id);
      transaction.objectStore("items").put(item);
    });
  }
  async removeFile(id: string): Promise<void> {
    await this.#write(["files"], (transaction) => void transaction.objectStore("files").delete(id));
  }

  async kept<T>(name: string): Promise<T | undefined> {
    return asked(this.#database.transaction("kept").objectStore("kept").get(name) as IDBRequest<T | undefined>);
  }
  async keep(name: string, value: unknown): Promise<void> {
    await this.#write(["kept"], (transaction) => void transaction.objectStore("kept").put(value, name));
  }
  async clear(): Promise<void> {
    await this.#write(["items", "files", "kept"], (transaction) => {
      for (const store of ["items", "files", "kept"]) transaction.objectStore(store).clear();
    });
  }
}
