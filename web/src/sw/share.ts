/** What other apps share with this one comes as a form, which a page cannot read: it is kept until a page asks for it. */
import { keepShared } from "../lib/storage/shared";

/** As `manifest.webmanifest` says. */
const SHARE = "/share";
const PAGE = "/chat";

export function isShare(method: string, path: string): boolean {
  return method === "POST" && path === SHARE;
}

/** The page opens whatever became of the share: one that cannot be read or kept is as if there were none. */
export async function receiveShare(request: Request): Promise<Response> {
  try {
    await keepShared(await request.formData());
  } catch (cause) {
    console.warn("What was shared could not be kept.", cause);
  }
  return Response.redirect(PAGE, 303);
}
