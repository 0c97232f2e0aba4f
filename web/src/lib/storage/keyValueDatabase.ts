/** What the app keeps on the device: named stores of values by key, in IndexedDB or, where that is denied, in memory. */

/** Parts of a key, compared one after another. */
export type Key = readonly (string | number)[];

/** One change; several are written together or not at all. */
export type Change =
  | { readonly store: string; readonly key: Key; readonly value: unknown }
  | { readonly store: string; readonly remove: Key }
  | { readonly store: string; readonly clear: true };

export interface KeyValueDatabase {
  /** False when everything is forgotten with the page. */
  readonly isDurable: boolean;
  get(store: string, key: Key): Promise<unknown>;
  /** All values, or those whose keys begin with `prefix`, in the order of their keys. */
  list(store: string, prefix?: Key): Promise<unknown[]>;
  /** Once it is called, it is done even if the page goes away at once. */
  write(changes: readonly Change[]): Promise<void>;
  /** Reads a value and replaces it, undefined removes it, with nobody in between, in any tab. Returns what is kept now. */
  change(store: string, key: Key, change: (value: unknown) => unknown): Promise<unknown>;
  close(): void;
  /** Closes, and removes everything. */
  destroy(): Promise<void>;
}

export interface DatabaseDescription {
  readonly name: string;
  readonly version: number;
  readonly stores: readonly string[];
}
