import type { TranslationOf } from "../catalogue";
import type { signInEn } from "./signIn.en";

export const signInEs: TranslationOf<typeof signInEn> = {
  "signIn.demoHint": "Elige quién eres. Abre otra ventana para ser otra persona.",
  "signIn.email": "Correo electrónico",
  "signIn.password": "Contraseña",
  "signIn.keep": "Mantener la sesión en este dispositivo",
  "signIn.submit": "Entrar",
  "signIn.submitting": "Entrando…",
  "signIn.wrong": "El correo o la contraseña no son correctos.",
  "signIn.disabled": "Esta cuenta está desactivada.",
  "signIn.tooMany": "Demasiados intentos. Espera un poco y vuelve a probar.",
  "signIn.unreachable": "No se ha podido contactar con el servicio de acceso. Revisa tu conexión.",
  "signIn.noMethod": "El acceso no está configurado en este servidor",
  "signIn.noMethodHint": "El administrador configura Firebase o arranca el servidor con sus personas de demostración.",
};
