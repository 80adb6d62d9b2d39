import type { Builtin } from "../shell.js";
import { applets } from "./applets.js";
import { environment } from "./environment.js";
import { flow } from "./flow.js";
import { getopts } from "./getopts.js";
import { processes } from "./processes.js";
import { read } from "./read.js";
import { variables } from "./variables.js";

/** The builtins of the shell by name. */
export const builtins: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({ ...flow, ...variables, ...environment, ...processes, ...applets, getopts, read }),
);
