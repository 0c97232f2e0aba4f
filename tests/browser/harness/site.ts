/** A host's own site: a fresh React app that has installed the packed library, built and served on a port of its own. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server as HttpServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { promisify } from "node:util";

import { ROOT } from "./server";

const WEB = join(ROOT, "web");
const execute = promisify(execFile);
const EXAMPLE_SERVER = "https://chat.example.com";
const INSTALL = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"];
const KINDS: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
};

const MAIN = `import { createRoot } from "react-dom/client";
import { Messages as Parts } from "./example2";
import { Messages as Whole } from "./example1";

const UNSIZED = "#root > div { height: auto !important }";
const query = new URLSearchParams(location.search);
const token = query.get("token") ?? "";
const user = { uid: token, getIdToken: () => Promise.resolve(token) };
if (query.has("unsized")) document.head.append(Object.assign(document.createElement("style"), { textContent: UNSIZED }));
const Example = query.has("parts") ? Parts : Whole;
createRoot(document.getElementById("root") as HTMLElement).render(<Example user={user} />);
`;

const COMPILER_OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  jsx: "react-jsx",
  target: "ES2022",
  module: "ESNext",
  moduleResolution: "bundler",
  lib: ["ES2022", "DOM", "DOM.Iterable"],
  types: [],
};

export class Site {
  private constructor(
    private readonly folder: string,
    private readonly listener: HttpServer,
    readonly url: string,
  ) {}

  /** Serves an empty site: its address is known before the chat server that is to allow it has started. */
  static async open(): Promise<Site> {
    const folder = mkdtempSync(join(tmpdir(), "hyred-site-"));
    const listener = createServer((request, response) => {
      const path = new URL(request.url ?? "/", "http://site").pathname;
      const file = join(folder, "dist", path === "/" ? "index.html" : path);
      readFile(file).then(
        (content) =>
          response
            .writeHead(200, {
              "content-type": KINDS[extname(file)] ?? "text/plain",
            })
            .end(content),
        () => response.writeHead(404).end(),
      );
    }).listen(0, "127.0.0.1");
    await once(listener, "listening");
    const address = listener.address();
    if (address === null || typeof address === "string") throw new Error("The listener has no port.");
    return new Site(folder, listener, `http://127.0.0.1:${address.port}`);
  }

  /** Packs the library as it is now. */
  async pack(): Promise<void> {
    await run(WEB, "npm", "run", "build:lib", "--silent");
    await run(WEB, "npm", "pack", "--silent", "--pack-destination", this.folder);
  }

  /** Installs what was packed, and builds the examples of its README as they stand, for another server. */
  async build(serverUrl: string): Promise<void> {
    mkdirSync(join(this.folder, "src"));
    readExamples().forEach((example, index) =>
      this.write(`src/example${index + 1}.tsx`, example.replaceAll(EXAMPLE_SERVER, serverUrl)),
    );
    this.write("src/main.tsx", MAIN);
    this.write("src/styles.d.ts", 'declare module "@hyred/chat/style.css";\n');
    this.write("tsconfig.json", JSON.stringify({ compilerOptions: COMPILER_OPTIONS, include: ["src"] }));
    this.write("package.json", JSON.stringify({ name: "site", private: true, type: "module" }));
    this.write(
      "index.html",
      '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><body style="margin: 0"><div id="root"></div>' +
        '<script type="module" src="/src/main.tsx"></script></body></html>',
    );
    const packages = ["react", "react-dom", "@types/react", "@types/react-dom"];
    await run(
      this.folder,
      "npm",
      ...INSTALL,
      "./hyred-chat-0.1.0.tgz",
      ...packages.map((name) => `${name}@${versionOf(name)}`),
    );
    await Promise.all([
      run(this.folder, join(ROOT, "node_modules/.bin/tsc")),
      run(this.folder, join(ROOT, "node_modules/.bin/vite"), "build", "--logLevel", "error"),
    ]);
  }

  async remove(): Promise<void> {
    this.listener.close();
    this.listener.closeAllConnections();
    await once(this.listener, "close");
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(name: string, content: string): void {
    writeFileSync(join(this.folder, name), content);
  }
}

/** The blocks of TypeScript that the README shows. */
function readExamples(): string[] {
  const text = readFileSync(join(WEB, "README.md"), "utf8");
  return [...text.matchAll(/^```tsx\n(.*?)^```$/gms)].map(([, code]) => code ?? "");
}

function versionOf(name: string): string {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, { version: string } | undefined>>;
  };
  return lock.packages[`node_modules/${name}`]?.version ?? "latest";
}

async function run(folder: string, command: string, ...args: string[]): Promise<void> {
  try {
    await execute(command, args, { cwd: folder });
  } catch (cause) {
    const { stdout, stderr } = cause as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(" ")}\n${stdout}\n${stderr}`, {
      cause,
    });
  }
}
