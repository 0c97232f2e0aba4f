import type { TranslationOf } from "../catalogue";
import type { actingEn } from "./acting.en";

export const actingEs: TranslationOf<typeof actingEn> = {
  "acting.bar": "Acciones de este mensaje",
  "acting.more": "Más",
  "acting.react": "Reaccionar",
  "acting.reactWith": "Reaccionar con {emoji}",
  "acting.unreact": "Quitar {emoji}",
  "acting.menu": "Mensaje",
  "acting.copy": "Copiar texto",
  "acting.hint":
    "Pulsa Intro para ir a los mensajes y muévete con las flechas. Intro abre lo que puedes hacer con uno.",
  "acting.said.reacted": "Has reaccionado con {emoji}",
  "acting.said.unreacted": "Se ha quitado {emoji}",
  "acting.said.copied": "Texto copiado",
};
