import type { TranslationOf } from "../catalogue";
import type { commonEn } from "./common.en";

export const commonEs: TranslationOf<typeof commonEn> = {
  "app.name": "Hyred Chat",
  "app.titleUnread": "({count}) Hyred Chat",
  "app.skipToMain": "Saltar a la conversación",
  "app.back": "Atrás",
  "app.close": "Cerrar",
  "app.tryAgain": "Reintentar",
  "app.notFound": "Aquí no hay nada",
  "app.notFoundHint": "Puede que la dirección tenga un error o que la conversación ya no exista.",
  "app.goToConversations": "A tus conversaciones",
  "app.failed": "Algo ha fallado en esta página",
  "app.failedHint": "No se ha perdido nada de lo que enviaste. Vuelve a cargar la página para continuar.",
  "app.reload": "Volver a cargar",
  "role.va": "Asistente virtual",
  "role.company": "Empresa",
  "role.admin": "Equipo de Hyred",
  "role.group": "Grupo",
  "presence.online": "En línea",
  "presence.away": "Ausente",
  "presence.busy": "Ocupado",
  "presence.offline": "Desconectado",
  "presence.lastSeen": "Últ. vez {when}",
  "time.now": "ahora",
  "time.yesterday": "Ayer",
  "time.today": "Hoy",
};
