import type { TranslationOf } from "../catalogue";
import type { writingEn } from "./writing.en";

export const writingEs: TranslationOf<typeof writingEn> = {
  "writing.toolbar": "Formato",
  "writing.bold": "Negrita",
  "writing.italic": "Cursiva",
  "writing.strike": "Tachado",
  "writing.code": "Código",
  "writing.link": "Enlace",
  "writing.bullets": "Lista con viñetas",
  "writing.numbers": "Lista numerada",
  "writing.quote": "Cita",
  "writing.block": "Bloque de código",
  "writing.withKeys": "{name} ({keys})",
  "writing.mention": "A quién mencionar",
  "writing.mentions": {
    one: "{count} persona, elige con las flechas",
    other: "{count} personas, elige con las flechas",
  },
  "writing.copyCode": "Copiar código",
  "writing.copied": "Copiado",
};
