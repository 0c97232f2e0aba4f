import { gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";

type Chunk = Rolldown.OutputChunk;

/** The chunks that the page loads before it shows anything: the entry, and all that it imports statically. */
export function firstLoadChunks(bundle: Rolldown.OutputBundle): Chunk[] {
  const chunks = Object.values(bundle).filter((output): output is Chunk => output.type === "chunk");
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const found = new Set<Chunk>();
  const waiting = chunks.filter((chunk) => chunk.isEntry);
  for (let chunk = waiting.pop(); chunk !== undefined; chunk = waiting.pop()) {
    if (found.has(chunk)) continue;
    found.add(chunk);
    waiting.push(...chunk.imports.map((name) => byName.get(name)).filter((imported) => imported !== undefined));
  }
  return [...found];
}

/** Fails the build when the first load has more JavaScript, gzipped, than people on phones should wait for. */
export function checkFirstLoad({ maxBytes }: { readonly maxBytes: number }): Plugin {
  return {
    name: "check-first-load",
    apply: "build",
    generateBundle(_, bundle) {
      const bytes = firstLoadChunks(bundle).reduce((sum, chunk) => sum + gzipSync(chunk.code).length, 0);
      const sentence = `First load: ${inKilobytes(bytes)} of JavaScript, gzipped, of at most ${inKilobytes(maxBytes)}.`;
      if (bytes > maxBytes) this.error(sentence);
      console.log(sentence);
    },
  };
}

function inKilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
