import type { Plugin } from "vite";

interface ModuleGraph {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}

/** The modules that `entry` imports statically, however far away, without the entry itself. */
export function modulesOfFirstLoad(entry: string, graph: ModuleGraph): Set<string> {
  const found = new Set<string>();
  const waiting = [entry];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) {
      if (found.has(imported)) continue;
      found.add(imported);
      waiting.push(imported);
    }
  }
  found.delete(entry);
  return found;
}

/**
 * Knows which modules the page loads before it shows anything. `has` may be asked once all modules are there, as when
 * they are divided into files.
 */
export function firstLoadModules(): { readonly plugin: Plugin; has(id: string): boolean } {
  let modules = new Set<string>();
  const plugin: Plugin = {
    name: "first-load-modules",
    apply: "build",
    buildEnd() {
      const entries = [...this.getModuleIds()].filter((id) => this.getModuleInfo(id)?.isEntry === true);
      modules = new Set(entries.flatMap((entry) => [...modulesOfFirstLoad(entry, this)]));
    },
  };
  return { plugin, has: (id) => modules.has(id) };
}
