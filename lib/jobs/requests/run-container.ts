import * as z from "zod";
import { JobFailure } from "../errors.js";
import type { RunContainerOptions } from "../models.js";
import { checkPlacement, swarmPlacement } from "../schemas.js";
import { copy } from "./copy.js";
import { makeRequest, type RequestKind } from "./kind.js";
import type { JobRequest } from "./request.js";

/** How a command ended. @category Jobs */
export interface RunContainerData {
  /** Its exit code. If it ran several times on a swarm, the first one that is not 0. */
  readonly exitCode: number;
}

const required = (what: string): z.ZodString => z.string({ error: `a job needs ${what}` }).min(1, `a job needs ${what}`);

const kind: RequestKind<RunContainerOptions, RunContainerData> = {
  name: "RunContainerRequest",
  schema: z
    .strictObject({
      name: required("a name"),
      image: required("an image"),
      command: z.string().optional(),
      arguments: z.array(z.string()).optional(),
      timeout: z.number().positive("the timeout of a job is a number of seconds").optional(),
      ...swarmPlacement,
    })
    .superRefine(checkPlacement),
  failure: [JobFailure.Error, "Unable to run this job."],
  label: ({ name }) => name,
  async execute(options, response, { backEnd, id, signal }) {
    const { output, exitCode } = await backEnd.run(options, id, signal);
    if (!response.streamResult()) {
      await copy(output, () => Promise.resolve(), signal);
      response.successWithData("ok", { exitCode: await exitCode } satisfies RunContainerData);
      return;
    }
    const writer = response.successWithWrite("accepted", { flush: true });
    await copy(output, (chunk) => writer.write(chunk), signal);
    const code = await exitCode;
    if (code !== 0) await writer.write(`Job ${options.name} exited with code ${code}\n`);
  },
};

/** Asks for a command to run in a container of its own, which is removed afterwards. @category Jobs */
export function runContainerRequest(options: RunContainerOptions): JobRequest<RunContainerData> {
  return makeRequest(kind, options);
}

/** Returns the command line of the docker command that does the same, for people. @category Jobs */
export function unitCommand({ image, command, arguments: args = [] }: RunContainerOptions): string[] {
  return ["docker", "run", "--rm", ...(command ? ["--entrypoint", command] : []), "-t", image, ...args];
}
