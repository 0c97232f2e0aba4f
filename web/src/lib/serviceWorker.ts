/** Registers the service worker (`src/sw.ts`), which keeps the app for when there is no network. */

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

interface PolicyFactory {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy;
}

const WORKER = "/sw.js";

/**
 * Does nothing where there are no service workers: in browsers without them, in private windows of some, and in
 * development, where what is kept would hide what was changed.
 */
export async function registerServiceWorker(): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(trustedWorkerUrl());
  } catch (error) {
    console.warn("The app will not open without a network: its service worker was refused.", error);
  }
}

/** Browsers with Trusted Types take the address only from a policy that the Content-Security-Policy names. */
function trustedWorkerUrl(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: PolicyFactory };
  if (trustedTypes === undefined) return WORKER;
  const policy = trustedTypes.createPolicy("hyred-chat", { createScriptURL: () => WORKER });
  return policy.createScriptURL(WORKER);
}
