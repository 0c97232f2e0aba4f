import type { TranslationOf } from "../catalogue";
import type { bellEn } from "./bell.en";

export const bellEs: TranslationOf<typeof bellEn> = {
  "bell.empty": "Nada nuevo",
  "bell.emptyHint": "Aquí se guardan ofertas, propuestas y otros avisos. Los mensajes están en tus chats.",
  "bell.markRead": "Marcar como leída",
  "bell.unreadItem": "sin leer",
  "bell.failed": "No se han podido cargar tus notificaciones",
  "bell.failedHint": "Comprueba la conexión y vuelve a intentarlo.",
  "bell.older": "Mostrar anteriores",
};
