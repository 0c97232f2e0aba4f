/** Watches a page for what must never happen there: errors in the console, uncaught errors, breaches of the CSP. */
import type { Page } from "playwright-core";

/** What a lost network or server looks like in the console; journeys that cut it allow this. */
export const LOST_CONNECTION =
  /net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|FAILED|NETWORK_CHANGED|ABORTED|INCOMPLETE|SOCKET_NOT_CONNECTED|TUNNEL_CONNECTION_FAILED|PROXY_CONNECTION_FAILED|CONNECTION_CLOSED)|WebSocket connection to .* failed/;

export class Guard {
  private readonly problems: string[] = [];
  private readonly allowed: RegExp[] = [];

  constructor(page: Page) {
    page.on("console", (message) => {
      if (message.type() === "error") this.problems.push(`${message.text()} (${message.location().url})`);
    });
    page.on("pageerror", (error) => this.problems.push(error.stack ?? String(error)));
  }

  /** From now on, and for what was, this is no problem. */
  allow(pattern: RegExp): void {
    this.allowed.push(pattern);
  }

  faults(): string[] {
    return this.problems.filter((problem) => !this.allowed.some((pattern) => pattern.test(problem)));
  }
}

/** Runs in the page before its own scripts: breaches of the CSP become errors in the console, reported-only ones too. */
export function reportBreaches(): void {
  document.addEventListener("securitypolicyviolation", (event) => {
    console.error(
      `CSP: ${event.effectiveDirective} refuses ${event.blockedURI} in ${event.sourceFile}:${event.lineNumber}`,
    );
  });
}
