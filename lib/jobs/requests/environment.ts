import * as z from "zod";
import { patchEnvironment, storeEnvironment } from "../environments.js";
import { fail, FAILURES, InvalidJobError } from "../errors.js";
import { environmentDescription, identifier } from "../schemas.js";
import { type EnvironmentDescription, variablesText } from "../values/environment.js";
import { makeRequest, type RequestKind } from "./kind.js";
import type { JobRequest } from "./request.js";

/** The type of content that is an environment. @category Jobs */
export const CONTENT_TYPE_ENVIRONMENT = "env";

/** Content to read. @category Jobs */
export interface ContentOptions {
  /** Type of the content: {@link CONTENT_TYPE_ENVIRONMENT}. */
  readonly type: string;
  /** Identifier of the content. */
  readonly locator: string;
  /** Path in the content. Environments have none. */
  readonly subpath?: string | undefined;
}

/** Names an environment. @category Jobs */
export interface EnvironmentOptions {
  /** Identifier of the environment. */
  readonly id: string;
}

/** An environment that has an identifier, as the requests that store one ask for. */
const named = environmentDescription.superRefine(({ id }, context) => {
  if (id === undefined) context.addIssue({ code: "custom", message: "the environment needs an identifier" });
});

const put: RequestKind<EnvironmentDescription, undefined> = {
  name: "PutEnvironmentRequest",
  schema: named,
  failure: FAILURES.environmentUpdateFailed,
  label: ({ id = "" }) => id,
  async execute(environment, response, { backEnd, mayFetch, signal }) {
    await storeEnvironment(backEnd.store, environment, mayFetch, signal);
    response.success("ok");
  },
};

const patch: RequestKind<EnvironmentDescription, undefined> = {
  name: "PatchEnvironmentRequest",
  schema: named,
  failure: FAILURES.environmentUpdateFailed,
  label: ({ id = "" }) => id,
  async execute(environment, response, { backEnd }) {
    await patchEnvironment(backEnd.store, environment);
    response.success("ok");
  },
};

const get: RequestKind<EnvironmentOptions, undefined> = {
  name: "GetEnvironmentRequest",
  schema: z.strictObject({ id: identifier }),
  failure: FAILURES.environmentNotFound,
  isFast: true,
  join: "again",
  label: ({ id }) => id,
  async execute({ id }, response, { backEnd }) {
    const variables = backEnd.store.environments.get(id);
    if (!variables) throw fail(FAILURES.environmentNotFound);
    await response.successWithWrite("ok").write(variablesText(variables));
  },
};

const content: RequestKind<ContentOptions, undefined> = {
  name: "ContentRequest",
  schema: z.strictObject({ type: z.string(), locator: z.string(), subpath: z.string().optional() }),
  failure: FAILURES.environmentNotFound,
  isFast: true,
  join: "again",
  async execute({ type, locator }, response, context) {
    if (type !== CONTENT_TYPE_ENVIRONMENT)
      throw new InvalidJobError(`the content type ${JSON.stringify(type.slice(0, 64))} is unknown: only "env" is`);
    const found = identifier.safeParse(locator);
    if (!found.success) throw new InvalidJobError(found.error.issues[0]?.message ?? "the locator is invalid");
    await get.execute({ id: locator }, response, context);
  },
};

/**
 * Asks for an environment to be stored in place of what was there. Containers have it after their next installation or restart: a
 * process that runs keeps its environment.
 *
 * @category Jobs
 */
export function putEnvironmentRequest(options: EnvironmentDescription): JobRequest {
  return makeRequest(put, options);
}

/** Asks for variables to be added to an environment, or replaced in it. `source` is not read. @category Jobs */
export function patchEnvironmentRequest(options: EnvironmentDescription): JobRequest {
  return makeRequest(patch, options);
}

/** Asks for an environment, as a text with a variable on each line. @category Jobs */
export function getEnvironmentRequest(options: EnvironmentOptions): JobRequest {
  return makeRequest(get, options);
}

/** Asks for content of a type. @category Jobs */
export function contentRequest(options: ContentOptions): JobRequest {
  return makeRequest(content, options);
}
