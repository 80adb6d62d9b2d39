// A vitest setup file that starts an embedded engine for the specs of one file.

import { afterAll } from "vitest";
import { startEmbeddedBed, startInProcess } from "./embedded-bed.js";

const bed = await startEmbeddedBed("program", startInProcess);
Object.assign(process.env, bed.env);
afterAll(() => bed.close());
