import type { TranslationOf } from "../catalogue";
import type { cameraEn } from "./camera.en";

export const cameraEs: TranslationOf<typeof cameraEn> = {
  "camera.preview": "Lo que ve la cámara",
  "camera.waiting": "Esperando a la cámara… Permítela si el navegador lo pregunta.",
  "camera.live": "La cámara está encendida",
  "camera.taken": "Foto hecha",
  "camera.still": "La foto que has hecho",
  "camera.choose": "Cámara",
  "camera.nth": "Cámara {number}",
  "camera.take": "Hacer la foto",
  "camera.use": "Usar la foto",
  "camera.again": "Repetir",
  "camera.retry": "Reintentar",
  "camera.instead": "Elegir una foto",
  "camera.denied":
    "La cámara no está permitida aquí. Permítela para este sitio en los ajustes del navegador (el símbolo junto a la dirección) e inténtalo de nuevo.",
  "camera.missing": "No se ha encontrado ninguna cámara. Conecta una e inténtalo de nuevo.",
  "camera.busy": "Ahora no se puede usar la cámara. Cierra otros programas que la usen e inténtalo de nuevo.",
  "camera.silent":
    "La cámara no responde. Permítela si el navegador lo pregunta y cierra otros programas que la usen. Después, inténtalo de nuevo.",
  "camera.unplugged":
    "La cámara ya no está: se ha desconectado o ha dejado de estar permitida. Conéctala e inténtalo de nuevo.",
  "camera.failed": "No se ha podido hacer la foto. Inténtalo de nuevo.",
};
