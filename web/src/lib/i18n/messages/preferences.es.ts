import type { TranslationOf } from "../catalogue";
import type { preferencesEn } from "./preferences.en";

export const preferencesEs: TranslationOf<typeof preferencesEn> = {
  "preferences.offline": "Sin conexión. Conéctate para verlas y cambiarlas.",
  "preferences.saved": "Guardado",
  "preferences.types": "De qué te avisamos",
  "preferences.typesHint":
    "Las notificaciones push llegan a tus dispositivos cuando no estás. «En la aplicación» es lo que ves aquí.",
  "preferences.push": "Push",
  "preferences.inApp": "En la aplicación",
  "preferences.pushOf": "Push: {type}",
  "preferences.inAppOf": "En la aplicación: {type}",
  "preferences.type.chat_message": "Mensajes del chat",
  "preferences.type.job_match": "Trabajos para ti",
  "preferences.type.proposal_response": "Respuestas a propuestas",
  "preferences.quiet": "Horas de silencio",
  "preferences.quietHint": "Entonces no suena nada. La lista lo guarda todo.",
  "preferences.from": "Desde",
  "preferences.until": "Hasta",
  "preferences.quietSame": "El comienzo y el final deben ser distintos.",
  "preferences.timeZone": "Según el reloj de {zone}",
  "preferences.otherZone": "Este dispositivo está en {zone}.",
  "preferences.useZone": "Usar {zone}",
  "preferences.preview": "Mostrar el texto de los mensajes en las notificaciones",
  "preferences.previewHint": "Sin ello, las notificaciones fuera de la aplicación solo dicen que hay algo nuevo.",
  "preferences.muted": "Conversaciones silenciadas",
  "preferences.noneMuted": "Ninguna. Puedes silenciar una conversación en su menú.",
  "preferences.unknownRoom": "Una conversación",
  "preferences.unmute": "Reactivar",
  "preferences.unmuteOf": "Reactivar {name}",
};
