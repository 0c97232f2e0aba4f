import { useId, useState, type ReactNode, type SubmitEvent } from "react";

import { ChatError } from "../../lib/api/chatError";
import { useSignInTexts } from "../../lib/i18n/useSignInTexts";
import { Button } from "../../ui/Button";

interface PasswordFormProps {
  /** Throws ChatError. */
  onSubmit(credentials: { email: string; password: string; isKept: boolean }): Promise<void>;
}

const refusals = new Map<string, "signIn.wrong" | "signIn.disabled" | "signIn.tooMany">([
  ["wrong_password", "signIn.wrong"],
  ["disabled", "signIn.disabled"],
  ["too_many", "signIn.tooMany"],
]);

/** E-mail and password. What was typed stays after a refusal, and focus goes where it has to be mended. */
export function PasswordForm({ onSubmit }: PasswordFormProps): ReactNode {
  const { t } = useSignInTexts();
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const id = useId();

  const submit = async (event: SubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const fields = new FormData(form);
    const text = (name: string): string => {
      const value = fields.get(name);
      return typeof value === "string" ? value : "";
    };
    setIsBusy(true);
    setRefusal(null);
    try {
      await onSubmit({ email: text("email").trim(), password: text("password"), isKept: fields.has("keep") });
    } catch (error) {
      setRefusal(error instanceof ChatError ? error.code : "offline");
      setIsBusy(false);
      form.querySelector<HTMLInputElement>('input[type="password"]')?.select();
    }
  };

  return (
    <form className="hc-sign-in__form" onSubmit={submit}>
      <label htmlFor={`${id}email`}>{t("signIn.email")}</label>
      <input id={`${id}email`} className="hc-field" type="email" name="email" autoComplete="username" required />
      <label htmlFor={`${id}password`}>{t("signIn.password")}</label>
      <input
        id={`${id}password`}
        className="hc-field"
        type="password"
        name="password"
        autoComplete="current-password"
        required
        aria-describedby={`${id}refusal`}
      />
      <label className="hc-sign-in__keep">
        <input type="checkbox" name="keep" defaultChecked={isInstalled()} />
        {t("signIn.keep")}
      </label>
      <p id={`${id}refusal`} className="hc-sign-in__refusal" role="alert">
        {refusal !== null && t(refusals.get(refusal) ?? "signIn.unreachable")}
      </p>
      <Button type="submit" variant="primary" disabled={isBusy}>
        {t(isBusy ? "signIn.submitting" : "signIn.submit")}
      </Button>
    </form>
  );
}

/** An installed app is on a device of one's own, and phones end its pages whenever they like. */
function isInstalled(): boolean {
  return window.matchMedia("(display-mode: standalone)").matches;
}
