import type { TranslationOf } from "../catalogue";
import type { notificationsEn } from "./notifications.en";

export const notificationsEs: TranslationOf<typeof notificationsEn> = {
  "connection.label": "Conexión",
  "connection.offline": "Sin conexión. Los mensajes esperarán.",
  "connection.connecting": "Conectando…",
  "connection.reconnecting": "Reconectando…",
  "connection.upToDate": "Al día",
  "connection.retry": "Probar ahora",
  "bell.label": "Notificaciones",
  "bell.labelUnread": { one: "Notificaciones, {count} sin leer", other: "Notificaciones, {count} sin leer" },
  "bell.markAllRead": "Marcar leídas",
  "bell.loading": "Cargando las notificaciones",
  "bell.picture": "Ha enviado una foto",
  "bell.file": "Ha enviado un archivo",
  "bell.hiddenTitle": "Hyred Chat",
  "bell.hiddenBody": "Tienes una notificación nueva",
  "preferences.title": "Preferencias de notificaciones",
  "preferences.loading": "Cargando tus preferencias",
  "toast.region": "Notificaciones nuevas",
  "toast.dismiss": "Descartar",
};
