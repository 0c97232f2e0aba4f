import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const COMPRESSIBLE = /(?<!^sw)\.(js|css|html|svg|json|webmanifest)$/; // the server adds a line to sw.js
const MIN_BYTES = 1024; // smaller ones fit into a packet anyway

/** Writes `x.br` and `x.gz` beside each file that gets smaller by it: the server picks, and never compresses itself. */
export function compressAssets(): Plugin {
  let folder = "";
  return {
    name: "compress-assets",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    closeBundle: {
      order: "post",
      sequential: true, // after the service worker has been written
      async handler() {
        const names = new Set(await readdir(folder, { recursive: true }));
        // What an earlier build into the same folder has compressed is done.
        const left = [...names].filter((name) => COMPRESSIBLE.test(name) && !names.has(`${name}.br`));
        await Promise.all(left.map((name) => writeVariants(join(folder, name))));
      },
    },
  };
}

async function writeVariants(path: string): Promise<void> {
  const content = await readFile(path);
  if (content.length < MIN_BYTES) return;
  const options = { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }; // at its highest quality
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content, options));
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }));
}
