import type { TranslationOf } from "../catalogue";
import type { errorsEn } from "./errors.en";

export const errorsEs: TranslationOf<typeof errorsEn> = {
  "error.bad_request": "El servidor no lo ha aceptado tal como está.",
  "error.self_chat": "No puedes iniciar una conversación contigo.",
  "error.unauthenticated": "Tu sesión ha terminado. Entra de nuevo.",
  "error.token_expired": "Tu sesión ha terminado. Entra de nuevo.",
  "error.access_denied": "No formas parte de esta conversación.",
  "error.user_not_found": "Esta cuenta no existe aquí.",
  "error.room_blocked": "Esta conversación está cerrada.",
  "error.not_found": "Ya no existe.",
  "error.conflict": "No coincide con lo que ya tiene el servidor.",
  "error.too_late": "Ya es demasiado tarde para eso.",
  "error.message_deleted": "El mensaje se ha eliminado.",
  "error.limit_reached": "No puede haber más.",
  "error.request_timeout": "La conexión es demasiado lenta en este momento. Vuelve a intentarlo.",
  "error.too_large": "Es demasiado grande.",
  "error.unknown_host": "Este servidor no responde a la dirección que aparece en el navegador.",
  "error.rate_limited": "Ha sido demasiado de una vez. Espera un momento y vuelve a intentarlo.",
  "error.unavailable": "El servicio no está disponible ahora. Vuelve a intentarlo en un momento.",
  "error.internal": "Algo ha fallado por nuestra parte. Vuelve a intentarlo.",
  "error.offline": "No tienes conexión.",
  "error.timeout": "El servidor no ha respondido a tiempo. Vuelve a intentarlo.",
  "error.unknown": "Algo ha fallado. Vuelve a intentarlo.",
};
