import type { TranslationOf } from "../catalogue";
import type { systemEn } from "./system.en";

export const systemEs: TranslationOf<typeof systemEn> = {
  "system.created": "{actor} creó el grupo «{title}»",
  "system.createdByYou": "Creaste el grupo «{title}»",
  "system.added": "{actor} añadió a {people}",
  "system.addedByYou": "Añadiste a {people}",
  "system.addedYou": "{actor} te añadió",
  "system.removed": "{actor} quitó a {people}",
  "system.removedByYou": "Quitaste a {people}",
  "system.removedYou": "{actor} te quitó",
  "system.left": "{actor} dejó el grupo",
  "system.leftByYou": "Dejaste el grupo",
  "system.renamed": "{actor} llamó al grupo «{title}»",
  "system.renamedByYou": "Llamaste al grupo «{title}»",
  "system.avatar_changed": "{actor} cambió la foto del grupo",
  "system.avatar_changedByYou": "Cambiaste la foto del grupo",
  "system.owner": "{people} es ahora dueño del grupo",
  "system.ownerYou": "Ahora el grupo es tuyo",
  "system.admin": "{people} ahora administra el grupo",
  "system.adminYou": "Ahora administras el grupo",
  "system.member": "{people} ya no administra el grupo",
  "system.memberYou": "Ya no administras el grupo",
  "system.you": "ti",
  "system.somebody": "alguien",
  "system.others": { one: "{count} persona más", other: "{count} personas más" },
};
