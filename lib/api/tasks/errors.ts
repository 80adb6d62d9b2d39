import { swarmErrors } from "../../core/errors/swarm.js";
import { classifier, type Wording } from "../../core/wordings.js";
import type { ApiErrors } from "../../errors/api-error.js";
import { NoSuchNodeError, NoSuchServiceError } from "../../errors/swarm-errors.js";

const missingName = (message: string): string => /(\S+) not found/.exec(message)?.[1] ?? "";

/** Messages for a missing service or node in a filter: 404. */
export const filterWordings: readonly Wording[] = [
  [
    /\bservice \S+ not found/,
    "Docker 20+",
    (details) => new NoSuchServiceError("service", missingName(details.message), details),
  ],
  [/\bnode \S+ not found/, "Docker 20+", (details) => new NoSuchNodeError("node", missingName(details.message), details)],
];

/** The errors that listing tasks can cause. */
export const taskListErrors: ApiErrors = { ...swarmErrors, 404: classifier(filterWordings)() };
