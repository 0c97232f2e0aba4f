import type { TranslationOf } from "../catalogue";
import type { movingEn } from "./moving.en";

export const movingEs: TranslationOf<typeof movingEn> = {
  "moving.day": "{day}. Ir a otro día",
  "moving.goTo": "Ir a",
  "moving.goToDate": "Una fecha…",
  "moving.goToFirst": "El primer mensaje",
  "moving.date": "Fecha a la que ir",
  "moving.goBack": "Volver a donde estabas",
  "moving.seeking": "Buscando el mensaje",
  "moving.seekFailed": "No se pudo cargar ese mensaje. {reason}",
};
