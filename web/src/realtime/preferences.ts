/**
 * What somebody wants to be told of: from the device at once, from the server on each connect, the same in every tab.
 * A choice is shown at once, and stored after those before it; what is refused was never there.
 */
import { toChatError } from "../lib/api/chatError";
import { tryTwice } from "../lib/api/tryTwice";
import { WritableStore } from "../lib/store";
import type { Device } from "./device";
import type { Tabs } from "./tabs";
import type { Choice, NotificationPreferences, PreferenceRequests, Preferences, PreferencesState } from "./types";

export class PreferencesModel implements Preferences {
  readonly #state = new WritableStore<PreferencesState>({ preferences: null, error: null });
  readonly #requests: PreferenceRequests;
  /** As the server has them, or had them when it was last heard. */
  #known: NotificationPreferences | null = null;
  /** Not stored yet, in the order in which they were made. */
  #choices: readonly Choice[] = [];
  #storing: Promise<unknown> = Promise.resolve();
  #loading: Promise<void> | null = null;
  /** Rises with each change that an answer on its way may not know of. */
  #changes = 0;
  #device: Device | null = null;
  #tabs: Tabs | null = null;

  constructor(requests: PreferenceRequests) {
    this.#requests = requests;
  }

  readonly getSnapshot = (): PreferencesState => this.#state.getSnapshot();
  readonly subscribe = (listener: () => void): (() => void) => this.#state.subscribe(listener);

  async attach(device: Device, tabs: Tabs): Promise<void> {
    this.#device = device;
    this.#tabs = tabs;
    tabs.on((message) => {
      if (message.kind !== "preferencesChanged") return;
      this.#changes += 1;
      void this.load();
    });
    const kept = await device.readPreferences();
    if (this.#known !== null) void device.keepPreferences(this.#known);
    else if (kept !== undefined) this.#show(kept);
  }

  /** Asks the server: they may have been changed on another device. Never throws; what is known stays. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  readonly reload = (): void => {
    this.#state.update((state) => ({ ...state, error: null }));
    void this.load();
  };

  /** The server cannot be asked now. */
  giveUp(cause: unknown): void {
    if (this.#known === null) this.#state.update((state) => ({ ...state, error: toChatError(cause) }));
  }

  readonly choose = (choice: Choice): Promise<void> => {
    this.#choices = [...this.#choices, choice];
    this.#show(this.#known);
    const storing = this.#storing.then(() => this.#store(choice));
    this.#storing = storing.catch(() => undefined);
    return storing;
  };

  async #load(): Promise<void> {
    try {
      let changes: number;
      let loaded: NotificationPreferences;
      do {
        changes = this.#changes;
        loaded = await tryTwice(() => this.#requests.getPreferences());
      } while (changes !== this.#changes);
      this.#keep(loaded);
    } catch (cause) {
      this.giveUp(cause);
    }
  }

  async #store(choice: Choice): Promise<void> {
    try {
      const change = await this.#send(choice);
      this.#changes += 1;
      this.#drop(choice);
      if (this.#known === null) void this.load();
      else this.#keep(change(this.#known));
      this.#tabs?.tell({ kind: "preferencesChanged" });
    } catch (cause) {
      this.#drop(choice);
      this.#show(this.#known);
      throw toChatError(cause);
    }
  }

  /** Tells the server; returns what its answer makes of the preferences that are known. */
  async #send(choice: Choice): Promise<(known: NotificationPreferences) => NotificationPreferences> {
    if (choice.kind === "change") {
      const stored = await this.#requests.putPreferences(choice.change);
      return () => stored;
    }
    const until = await this.#requests.muteRoom(choice.roomId, choice.until);
    return (known) => applyChoice(known, { ...choice, until });
  }

  #drop(choice: Choice): void {
    this.#choices = this.#choices.filter((other) => other !== choice);
  }

  #keep(known: NotificationPreferences): void {
    this.#show(known);
    void this.#device?.keepPreferences(known);
  }

  #show(known: NotificationPreferences | null): void {
    this.#known = known;
    if (known !== null) this.#state.set({ preferences: this.#choices.reduce(applyChoice, known), error: null });
  }
}

/** What they are once the server has taken the choice. */
export function applyChoice(preferences: NotificationPreferences, choice: Choice): NotificationPreferences {
  if (choice.kind === "mute") {
    const { roomId, until } = choice;
    const others = Object.entries(preferences.mutedRooms).filter(([id]) => id !== roomId);
    const muted = until === null ? others : [...others, [roomId, until] as const];
    return { ...preferences, mutedRooms: Object.fromEntries(muted) };
  }
  const { types, ...rest } = choice.change;
  return { ...preferences, ...rest, types: { ...preferences.types, ...types } };
}
