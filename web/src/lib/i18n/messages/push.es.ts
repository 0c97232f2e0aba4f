import type { TranslationOf } from "../catalogue";
import type { pushEn } from "./push.en";

export const pushEs: TranslationOf<typeof pushEn> = {
  "push.allow": "Permitir notificaciones",
  "push.working": "Activando las notificaciones…",
  "push.on": "Las notificaciones están activadas",
  "push.blocked": "Las notificaciones están bloqueadas",
  "push.blockedHint": "Permítelas para este sitio en los ajustes del navegador.",
  "push.unsupported": "Las notificaciones no están disponibles",
  "push.unsupportedHint": "Este navegador no las tiene.",
  "push.homeScreenHint": "Añade primero Hyred Chat a la pantalla de inicio.",
  "push.liveOnlyServer": "Solo con el chat abierto: este servidor no las envía después.",
  "push.liveOnlyBrowser": "Solo con el chat abierto: este navegador no las recibe después.",
  "push.failed": "Solo con el chat abierto: no se ha podido activar lo demás. Selecciona para reintentar.",
  "push.new": "Nueva notificación",
  "push.reply": "Responder",
  "push.replyPlaceholder": "Mensaje",
  "push.replyLost": "No se ha podido guardar tu respuesta",
  "push.replyLostBody": "Abre la conversación para volver a escribirla: {text}",
};
