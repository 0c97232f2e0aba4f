/** The screens of the console for moderators. */
import type { Screen } from "./screen";
import { makeReport, makeReportOfFiles, openConsole } from "./desk";
import { makePdf, makePhoto, makeText } from "./files";
import { MAYA, type Stage } from "./scenes";
import { seen } from "./waiting";

export const DESK_SCENES: Readonly<Record<string, (stage: Stage) => Promise<Screen>>> = {
  "console-reports": showReports,
  "console-report": showReport,
  "console-report-files": showReportOfFiles,
  "console-person": showPerson,
  "console-erase": showErasure,
  "console-notice": showNotice,
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

async function showReportOfFiles({ devices, host, server, options }: Stage): Promise<Screen> {
  const files = [await makePhoto("room.jpg"), makeText("terms.txt"), makePdf("contract.pdf")];
  const { company } = await makeReportOfFiles(host, server, files);
  const screen = await openConsole(devices, await host.makePerson("admin"), "/console", options);
  await screen.page.getByRole("link", { name: new RegExp(company.name) }).click();
  await screen.page.getByRole("button", { name: "Show room.jpg" }).click();
  await seen(screen.page.getByRole("img", { name: /room\.jpg/ }));
  return screen;
}

async function showRefused({ devices, options }: Stage): Promise<Screen> {
  const screen = await openConsole(devices, MAYA, "/console", options);
  await seen(screen.page.getByText("This console is for moderators"));
  return screen;
}

async function showPerson({ devices, host, options }: Stage): Promise<Screen> {
  const person = await host.makePerson("va", "Noor Haddad");
  const path = `/console/people?query=${encodeURIComponent(person.email)}&id=${person.id}`;
  const screen = await openConsole(devices, await host.makePerson("admin"), path, options);
  await seen(screen.page.getByRole("button", { name: "Export" }));
  return screen;
}

async function showErasure(stage: Stage): Promise<Screen> {
  const screen = await showPerson(stage);
  await screen.page.getByRole("button", { name: "Erase…" }).click();
  await seen(screen.page.getByRole("dialog"));
  return screen;
}

async function showNotice({ devices, host, options }: Stage): Promise<Screen> {
  const people = [await host.makePerson("va"), await host.makePerson("va")];
  const id = await host.notify(people, "A job for you", "Virtual assistant, 20 hours a week");
  const screen = await openConsole(devices, await host.makePerson("admin"), `/console/notices?id=${id}`, options);
  await seen(...people.map(({ name }) => screen.page.getByRole("link", { name })));
  return screen;
}
