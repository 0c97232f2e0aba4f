/** Registers the service worker (`src/sw.ts`), which keeps the app for when there is no network, and receives pushes. */

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy;
}

const WORKER = "/sw.js";
/** Its first start fetches all files of the app; whoever waits for it goes on without it after this. */
const READY_TIMEOUT_MS = 10_000;

let registering: Promise<ServiceWorkerRegistration | null> = Promise.resolve(null);

/**
 * Does nothing where there are no service workers: in browsers without them, in private windows of some, and in
 * development, where what is kept would hide what was changed.
 */
export async function registerServiceWorker(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  registering = navigator.serviceWorker.register(trustedWorkerUrl()).catch((error: unknown) => {
    console.warn("The app will not open without a network: its service worker was refused.", error);
    return null;
  });
  await registering;
}

/** The app's own service worker, once it runs; null where it was not registered, or does not start. */
export async function findServiceWorker(): Promise<ServiceWorkerRegistration | null> {
  if ((await registering) === null) return null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), READY_TIMEOUT_MS);
  });
  try {
    return await Promise.race([navigator.serviceWorker.ready, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Browsers with Trusted Types take the address only from a policy that the Content-Security-Policy names. */
function trustedWorkerUrl(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  if (trustedTypes === undefined) return WORKER;
  const policy = trustedTypes.createPolicy("hyred-chat", { createScriptURL: () => WORKER });
  return policy.createScriptURL(WORKER);
}
