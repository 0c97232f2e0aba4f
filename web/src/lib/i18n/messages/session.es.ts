import type { TranslationOf } from "../catalogue";
import type { sessionEn } from "./session.en";

export const sessionEs: TranslationOf<typeof sessionEn> = {
  "signIn.heading": "Entra en Hyred Chat",
  "signIn.loading": "Cargando",
  "signIn.configFailed": "No se ha podido contactar con el servidor",
  "signIn.configFailedHint": "Revisa tu conexión y vuelve a intentarlo.",
  "signIn.ended": "Tu sesión ha terminado. Entra de nuevo.",
  "signIn.unknown": "Esta cuenta no existe aquí.",
  "account.label": "Tu cuenta",
  "settings.title": "Ajustes",
  "account.signOut": "Cerrar sesión",
};
