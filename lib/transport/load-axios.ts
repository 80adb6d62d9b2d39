import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type * as AxiosModule from "axios";

/**
 * Loads the same copy of axios that the user's code imports, so that both have the same classes: the ES module for `import`, the
 * CommonJS module for `require`. Bundlers cannot follow this function, so bundles and the CommonJS build have a plain `require()`
 * instead.
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
