import type { TranslationOf } from "../catalogue";
import type { accountEn } from "./account.en";

export const accountEs: TranslationOf<typeof accountEn> = {
  "account.status": "Estado",
  "account.status.online": "En línea",
  "account.status.away": "Ausente",
  "account.status.busy": "Ocupado",
  "account.status.offline": "Aparecer desconectado",
  "account.theme": "Tema",
  "account.theme.system": "Tema del sistema",
  "account.theme.light": "Tema claro",
  "account.theme.dark": "Tema oscuro",
  "account.language": "Idioma",
};
