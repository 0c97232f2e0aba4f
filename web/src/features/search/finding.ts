import { WritableStore } from "../../lib/store";

/** The conversation in which somebody looks for something; null: in none. */
export const finding = new WritableStore<string | null>(null);
