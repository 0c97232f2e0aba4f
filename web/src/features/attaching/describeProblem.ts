import type { ChatError } from "../../lib/api/chatError";
import type { Problem } from "./problems";
import type { AttachingTexts } from "./useAttachingTexts";

/** Why something did not come into the tray; `describe` says why a file was refused. */
export function describeProblem(problem: Problem, t: AttachingTexts, describe: (error: ChatError) => string): string {
  switch (problem.kind) {
    case "tooMany":
      return t("problem.tooMany", { count: problem.count });
    case "folder":
      return t("problem.folder", { name: problem.name });
    case "microphone":
      return t(`microphone.${problem.reason}`);
    case "file":
      return t("problem.file", { name: problem.name, reason: describe(problem.error) });
  }
}
