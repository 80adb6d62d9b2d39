import type { KindFactory } from "../kind.js";
import { aborts } from "./aborts.js";
import { agent } from "./agent.js";
import { extract, hostile, pack } from "./archives.js";
import { engine } from "./engine.js";
import { frames } from "./frames.js";
import { http } from "./http.js";
import { ignore } from "./ignore.js";
import { jobs } from "./jobs.js";
import { json } from "./json.js";
import { races } from "./races.js";
import { registry } from "./registry.js";
import { text } from "./text.js";

/** The kinds of input by name. */
export const kinds: Readonly<Record<string, KindFactory | undefined>> = {
  http,
  frames,
  json,
  text,
  pack,
  extract,
  hostile,
  ignore,
  aborts,
  engine,
  registry,
  races,
  agent,
  jobs,
};
