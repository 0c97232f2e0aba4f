/** Which addresses are the app's own to show. */

const PAGES = /^\/(chat(\/[^/]*)?)?$/;
/** What is the server's alone to answer, and its own files. The console needs a network anyway. */
const NO_PAGES = /^\/(api|socket\.io|app|assets|icons|demo|console)(\/|$)|\.\w+$/;

export function isPage(path: string): boolean {
  return PAGES.test(path);
}

/** Whether the server is asked first: there may be a page of the host's, or nothing. */
export function mayBePage(path: string): boolean {
  return !NO_PAGES.test(path);
}
