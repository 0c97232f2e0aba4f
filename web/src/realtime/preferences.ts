/**
 * What somebody wants to be told of: from the device at once, from the server on each connect, the same in every tab.
 * A choice is shown at once, and stored after those before it; what is refused was never there.
 */
import { toChatError } from "../lib/api/chatError";
import { tryTwice } from "../lib/api/tryTwice";
import { WritableStore } from "../lib/store";
import type { Device } from "./device";
import type { Tabs } from "./tabs";
import type { Queue, QueuedAction } from "./outboxQueue";
import type { Store } from "../lib/store";
import type {
  NotificationPreferences,
  PreferenceChange,
  PreferenceRequests,
  Preferences,
  PreferencesState,
} from "./types";

export class PreferencesModel implements Preferences {
  readonly #state = new WritableStore<PreferencesState>({ preferences: null, error: null });
  readonly #requests: PreferenceRequests;
  /** What waits to be sent: conversations are muted by actions. */
  readonly #actions: Store<Queue<QueuedAction>>;
  /** As the server has them, or had them when it was last heard. */
  #known: NotificationPreferences | null = null;
  /** Not stored yet, in the order in which they were made. */
  #choices: readonly PreferenceChange[] = [];
  #storing: Promise<unknown> = Promise.resolve();
  #loading: Promise<void> | null = null;
  /** Rises with each change that an answer on its way may not know of. */
  #changes = 0;
  #device: Device | null = null;
  #tabs: Tabs | null = null;

  constructor(requests: PreferenceRequests, actions: Store<Queue<QueuedAction>>) {
    this.#requests = requests;
    this.#actions = actions;
    actions.subscribe(() => this.#show(this.#known));
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

  readonly choose = (choice: PreferenceChange): Promise<void> => {
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

  /** The server has taken an action. */
  settle({ roomId, action }: QueuedAction): void {
    if (action.kind !== "mute") return;
    this.#changes += 1;
    if (this.#known !== null) this.#keep(mute(this.#known, roomId, action.until));
  }

  /** Until when a conversation is muted, as the list of rooms is told: perhaps by another device. */
  hearMuted(roomId: string, until: string | null): void {
    if (this.#known === null || (this.#known.mutedRooms[roomId] ?? null) === until) return;
    this.#changes += 1;
    this.#keep(mute(this.#known, roomId, until));
  }

  async #store(choice: PreferenceChange): Promise<void> {
    try {
      const stored = await this.#requests.putPreferences(choice);
      this.#changes += 1;
      this.#drop(choice);
      this.#keep(stored);
      this.#tabs?.tell({ kind: "preferencesChanged" });
    } catch (cause) {
      this.#drop(choice);
      this.#show(this.#known);
      throw toChatError(cause);
    }
  }

  #drop(choice: PreferenceChange): void {
    this.#choices = this.#choices.filter((other) => other !== choice);
  }

  #keep(known: NotificationPreferences): void {
    this.#show(known);
    void this.#device?.keepPreferences(known);
  }

  #show(known: NotificationPreferences | null): void {
    this.#known = known;
    if (known === null) return;
    const chosen = this.#choices.reduce(applyChange, known);
    const preferences = this.#actions
      .getSnapshot()
      .reduce((now, { roomId, action }) => (action.kind === "mute" ? mute(now, roomId, action.until) : now), chosen);
    this.#state.set({ preferences, error: null });
  }
}

/** What they are once the server has taken the change. */
export function applyChange(preferences: NotificationPreferences, change: PreferenceChange): NotificationPreferences {
  const { types, ...rest } = change;
  return { ...preferences, ...rest, types: { ...preferences.types, ...types } };
}

function mute(preferences: NotificationPreferences, roomId: string, until: string | null): NotificationPreferences {
  const others = Object.entries(preferences.mutedRooms).filter(([id]) => id !== roomId);
  const muted = until === null ? others : [...others, [roomId, until] as const];
  return { ...preferences, mutedRooms: Object.fromEntries(muted) };
}
