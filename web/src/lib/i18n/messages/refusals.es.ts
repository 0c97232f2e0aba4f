import type { TranslationOf } from "../catalogue";
import type { refusalsEn } from "./refusals.en";

export const refusalsEs: TranslationOf<typeof refusalsEn> = {
  "refused.tooLarge": "Demasiado grande: como máximo {size}",
  "refused.tooLargeUnknown": "Demasiado grande",
  "refused.empty": "El archivo está vacío",
  "refused.broken": "El archivo está dañado o no es lo que dice su nombre",
  "refused.tooComplex": "Demasiado complejo: tiene demasiados píxeles o páginas",
  "refused.infected": "Contiene software malicioso",
  "refused.failed": "No se ha podido revisar",
  "refused.quota": "Has enviado todo lo que se puede en un día. Inténtalo de nuevo {when}",
  "refused.quotaUnknown": "Has enviado todo lo que se puede en un día. Inténtalo más tarde",
  "refused.tooManyHere": "Hay demasiados archivos esperando en este dispositivo. Envía o quita algunos antes",
};
