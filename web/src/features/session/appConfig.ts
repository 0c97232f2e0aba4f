import { isRecord } from "../../lib/api/envelope";

/** Somebody of the demo world, to sign in as with one click. */
export interface DemoPerson {
  readonly name: string;
  readonly role: string;
  readonly title: string;
  readonly avatar: string | null;
  readonly token: string;
}

/** Where the page signs in with Firebase: REST addresses, to which a method is added, and the public key of the project. */
export interface FirebaseSettings {
  readonly apiKey: string;
  readonly accountsUrl: string;
  readonly tokenUrl: string;
}

/** Where the marketplace has its pages: addresses with `{id}` in the place of the id; null where there is no page. */
export interface MarketplacePages {
  readonly jobUrl: string | null;
  readonly contractUrl: string | null;
}

/** What the server tells the page at start. */
export interface AppConfig extends MarketplacePages {
  readonly demoPeople: readonly DemoPerson[];
  readonly firebase: FirebaseSettings | null;
  /** Code points of the longest message. */
  readonly maxMessageChars: number;
  /** Who may make groups: nobody, `companies` and admins, or everybody. */
  readonly groups: "nobody" | "companies" | "everybody";
}

const defaultMaxMessageChars = 1000;

/** Asks the server how one signs in here. Throws when it cannot be reached. */
export async function loadAppConfig(): Promise<AppConfig> {
  const response = await fetch("/app/config.json");
  if (!response.ok) throw new Error(`The settings were refused: ${response.status}`);
  return readAppConfig(await response.json());
}

/** Takes from the settings what is well formed, so that a newer server does not break an older page. */
export function readAppConfig(settings: unknown): AppConfig {
  const { demoPeople, firebase, maxMessageChars, groups, jobUrl, contractUrl } = isRecord(settings) ? settings : {};
  return {
    demoPeople: Array.isArray(demoPeople) ? demoPeople.flatMap(readPerson) : [],
    firebase: readFirebase(firebase),
    maxMessageChars: typeof maxMessageChars === "number" ? maxMessageChars : defaultMaxMessageChars,
    groups: groups === "everybody" || groups === "companies" ? groups : "nobody",
    jobUrl: readText(jobUrl),
    contractUrl: readText(contractUrl),
  };
}

function readPerson(person: unknown): DemoPerson[] {
  if (!isRecord(person) || typeof person.name !== "string" || typeof person.token !== "string") return [];
  const { name, token } = person;
  return [
    {
      name,
      token,
      avatar: readText(person.avatar),
      role: readText(person.role) ?? "",
      title: readText(person.title) ?? "",
    },
  ];
}

function readFirebase(settings: unknown): FirebaseSettings | null {
  if (!isRecord(settings)) return null;
  const { apiKey, accountsUrl, tokenUrl } = settings;
  if (typeof apiKey !== "string" || typeof accountsUrl !== "string" || typeof tokenUrl !== "string") return null;
  return { apiKey, accountsUrl, tokenUrl };
}

function readText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
