/** The screens of the console for moderators. */
import type { Screen } from "./screen";
import { makeReport, openConsole } from "./desk";
import { MAYA, type Stage } from "./scenes";
import { seen } from "./waiting";

export const DESK_SCENES: Readonly<Record<string, (stage: Stage) => Promise<Screen>>> = {
  "console-reports": showReports,
  "console-report": showReport,
  "console-audit": showAudit,
  "console-refused": showRefused,
};

async function showReports({ devices, host, server, options }: Stage): Promise<Screen> {
  const { company } = await makeReport(host, server);
  const screen = await openConsole(devices, await host.makePerson("admin"), "/console", options);
  await seen(screen.page.getByRole("link", { name: new RegExp(company.name) }));
  return screen;
}

async function showReport(stage: Stage): Promise<Screen> {
  const { devices, host, server, options } = stage;
  const { company, text } = await makeReport(host, server);
  const screen = await openConsole(devices, await host.makePerson("admin"), "/console", options);
  await screen.page.getByRole("link", { name: new RegExp(company.name) }).click();
  await seen(screen.page.getByText(text));
  return screen;
}

async function showAudit(stage: Stage): Promise<Screen> {
  const screen = await showReport(stage);
  await screen.page.getByRole("link", { name: "Audit log" }).click();
  await seen(screen.page.getByText("Looked at a report"));
  return screen;
}

async function showRefused({ devices, options }: Stage): Promise<Screen> {
  const screen = await openConsole(devices, MAYA, "/console", options);
  await seen(screen.page.getByText("This console is for moderators"));
  return screen;
}
