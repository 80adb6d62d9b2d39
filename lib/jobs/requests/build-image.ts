import * as z from "zod";
import { InvalidJobError, JobFailure } from "../errors.js";
import type { BuildImageOptions } from "../models.js";
import { copy } from "./copy.js";
import { makeRequest, type RequestKind } from "./kind.js";
import type { JobRequest } from "./request.js";

const required = (what: string): z.ZodString => z.string({ error: `a build needs ${what}` }).min(1, `a build needs ${what}`);

const isWebUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const kind: RequestKind<BuildImageOptions, undefined> = {
  name: "BuildImageRequest",
  schema: z.strictObject({
    name: required("a name"),
    source: required("a source"),
    tag: z.string().optional(),
    baseImage: required("a base image"),
    runtimeImage: z.string().optional(),
    clean: z.boolean().optional(),
    verbose: z.boolean().optional(),
    callbackUrl: z.string().refine(isWebUrl, "the callback of a build is an http or https URL").optional(),
  }),
  failure: [JobFailure.Error, "Unable to build this image."],
  label: ({ name }) => name,
  async execute(options, response, { backEnd, id, mayFetch, signal }) {
    const { name, tag = name, source, callbackUrl } = options;
    if (URL.canParse(source) && !mayFetch(new URL(source)))
      throw new InvalidJobError("the host of the source may not be asked", { data: { option: "source" } });
    if (callbackUrl !== undefined && !mayFetch(new URL(callbackUrl)))
      throw new InvalidJobError("the host of the callback may not be asked", { data: { option: "callbackUrl" } });
    const { output, exitCode } = await backEnd.build(options, id, signal);
    const writer = response.successWithWrite("accepted", { flush: true });
    await copy(output, (chunk) => writer.write(chunk), signal);
    const code = await exitCode;
    if (code !== 0) await writer.write(`Build ${name} failed\n`);
    if (callbackUrl === undefined) return;
    const isTold = await tell(callbackUrl, { Name: name, Tag: tag, Succeeded: code === 0 }, signal);
    if (!isTold) await writer.write("The callback was not told how the build ended\n");
  },
};

/** How long a callback may take, in milliseconds. */
const CALLBACK_TIMEOUT = 30_000;

/** Posts how a build ended. Returns whether somebody took it. */
async function tell(url: string, result: object, signal: AbortSignal): Promise<boolean> {
  try {
    const { ok } = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(result),
      redirect: "error",
      signal: AbortSignal.any([signal, AbortSignal.timeout(CALLBACK_TIMEOUT)]),
    });
    return ok;
  } catch {
    return false; // the build has ended all the same
  }
}

/**
 * Asks for an image to be built from source code: the base image's scripts assemble it, as source-to-image does.
 *
 * @category Jobs
 */
export function buildImageRequest(options: BuildImageOptions): JobRequest {
  return makeRequest(kind, options);
}
