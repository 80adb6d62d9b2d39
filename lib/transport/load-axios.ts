import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type * as AxiosModule from "axios";

/**
 * Loads the module that the importer of this package gets from `axios`, so that both have the same classes: the ES module for
 * `import`, the CommonJS module for `require`. The CommonJS build has a `require()` in its place, and so have bundles: bundlers cannot follow this function.
 */
export function loadAxios(): typeof AxiosModule {
  const load = createRequire(import.meta.url);
  try {
    return load(fileURLToPath(import.meta.resolve("axios"))) as typeof AxiosModule; // the main export of axios
  } catch {
    // jest has no import.meta.resolve and cannot require() ES modules
    return load("axios") as typeof AxiosModule;
  }
}
