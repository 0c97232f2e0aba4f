import type { TranslationOf } from "../catalogue";
import type { roomsEn } from "./rooms.en";

export const roomsEs: TranslationOf<typeof roomsEn> = {
  "rooms.cancel": "Cancelar",
  "rooms.failed": "No se ha podido hacer. {reason}",
  "block.title": "¿Bloquear a {name}?",
  "block.text": "Ninguno podrá escribir al otro, ni ver si está en línea, si escribe o si ha leído.",
  "block.keeps":
    "Lo que os habéis escrito se conserva, y los grupos que compartís siguen igual. {name} no recibe ningún aviso.",
  "block.confirm": "Bloquear",
  "report.title": "Denunciar a {name}",
  "report.titleMessage": "Denunciar este mensaje",
  "report.why": "¿Qué ocurre?",
  "report.reason.spam": "Mensajes no deseados",
  "report.reason.fraud": "Fraude, o pide dinero",
  "report.reason.harassment": "Acoso o amenazas",
  "report.reason.off_platform": "Pide trabajar o pagar fuera de Hyred",
  "report.reason.other": "Otra cosa",
  "report.note": "¿Qué deberíamos saber? (opcional)",
  "report.what":
    "Nuestro equipo verá los últimos mensajes entre vosotros tal como están ahora. {name} no recibe ningún aviso.",
  "report.whatMessage":
    "Nuestro equipo verá este mensaje y los de alrededor tal como están ahora. Nadie más recibe aviso.",
  "report.send": "Enviar denuncia",
  "report.thanks": "Gracias. Nuestro equipo lo revisará.",
  "report.thanksKept": "Lo que has denunciado se guarda para nuestro equipo, aunque después se borre.",
  "report.known": "Ya lo habías denunciado. Nuestro equipo lo tiene.",
  "report.done": "Listo",
  "leave.title": "¿Dejar {name}?",
  "leave.text": "Dejarás de recibir sus mensajes. Quien administre el grupo puede volver a incluirte.",
  "leave.confirm": "Dejar",
  "leave.done": "Has dejado {name}",
  "remove.title": "¿Quitar a {name}?",
  "remove.text": "{name} dejará de recibir los mensajes del grupo y no podrá leer los anteriores.",
  "remove.confirm": "Quitar",
  "blocked.title": "Personas bloqueadas",
  "blocked.none": "Nadie. Puedes bloquear a alguien en el menú de vuestra conversación.",
  "blocked.unblock": "Desbloquear",
  "blocked.unblockOf": "Desbloquear a {name}",
  "blocked.failed": "No se ha podido cargar a quién has bloqueado.",
};
