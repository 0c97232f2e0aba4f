/** The texts of all languages, for tests. */
import { en } from "./messages/en";
import { es } from "./messages/es";
import { createTranslate } from "./translate";

export const translators = { en: createTranslate(en, "en"), es: createTranslate(es, "es") };
