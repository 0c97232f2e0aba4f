import type { TranslationOf } from "../catalogue";
import type { notificationsEn } from "./notifications.en";

export const notificationsEs: TranslationOf<typeof notificationsEn> = {
  "connection.label": "Conexión",
  "connection.offline": "Sin conexión. Los mensajes esperarán.",
  "connection.reconnecting": "Reconectando…",
  "connection.upToDate": "Al día",
  "connection.retry": "Probar ahora",
  "bell.label": "Notificaciones",
  "bell.labelUnread": { one: "Notificaciones, {count} sin leer", other: "Notificaciones, {count} sin leer" },
  "bell.empty": "Nada nuevo",
  "bell.emptyHint": "Aquí se guardan los mensajes y avisos que te llegan mientras estás en otra cosa.",
  "bell.markAllRead": "Marcar todo como leído",
  "bell.unreadItem": "sin leer",
  "toast.region": "Notificaciones nuevas",
  "toast.dismiss": "Descartar",
};
