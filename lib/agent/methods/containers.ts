import * as z from "zod";
import { type ContainerInspect, NoSuchContainerError } from "../../index.js";
import { OWNER_LABEL } from "../guest/labels.js";
import { containerResponse, imageResponse } from "../schemas/responses.js";
import { assertUsable, inspectGuest } from "./guests.js";
import { method } from "./method.js";

const count = z.int().nonnegative();

const listOptions = z
  .strictObject({
    all: z.boolean().optional().describe("Whether stopped guests are listed as well. false by default."),
    size: z.boolean().optional().describe("Whether the inspections contain the sizes of the containers' file systems."),
    limit: count.optional().describe("The most containers, newest first. 0 by default: all."),
    since: z.string().optional().describe("Lists only containers that were created after this one."),
    before: z.string().optional().describe("Lists only containers that were created before this one."),
    filters: z.record(z.string(), z.array(z.string())).optional().describe("Filters of the engine, such as label or status."),
  })
  .meta({ id: "ListOptions", description: "Which containers are listed." });

const GetInfo = method({
  summary: "Returns what the engine says about itself.",
  params: z.strictObject({}),
  result: z.looseObject({}).meta({ description: "The engine's information, as its API has it.", tsType: "SystemInfo" }),
  changes: false,
  async run(_, { client, signal }) {
    return { ...(await client.info({}, { signal })) };
  },
});

const ListContainers = method({
  summary: "Lists containers, each as an inspection shows it.",
  details: "A container that disappears meanwhile is left out.",
  params: z.strictObject({
    id: z.string().optional().describe("Ignored. Callers of JSON-RPC 1.0 send it."),
    opts: listOptions.optional().describe("Which containers. The running ones by default."),
  }),
  result: containerResponse,
  changes: false,
  async run({ opts = {} }, { client, policy, signal }) {
    const { all, size, limit, since, before, filters } = opts;
    const found = await client.listContainers(
      {
        all,
        ...(limit && { limit }),
        ...(since && { since }),
        ...(before && { before }),
        ...(filters && { filters }),
      },
      { signal },
    );
    const usable = policy.ownedOnly ? found.filter(({ Labels }) => Labels[OWNER_LABEL] !== undefined) : found;
    const inspected = await Promise.all(
      usable.map(({ Id }) =>
        client.inspectContainer({ id: Id, size }, { signal }).catch((error: unknown) => {
          if (error instanceof NoSuchContainerError) return undefined;
          throw error;
        }),
      ),
    );
    return { containers: inspected.filter((container) => container !== undefined).map(forResult) };
  },
});

/** Inspections have an ID and a name; their type does not say so, as it covers what every engine sends. */
function forResult(container: ContainerInspect): { Id: string; Name: string } {
  return container;
}

const containerId = z.string().min(1, "missing container id").describe("ID or name of the container.");

const GetContainer = method({
  summary: "Returns what an inspection of one container says.",
  params: z.strictObject({
    id: containerId,
    opts: z.looseObject({}).optional().describe("Ignored. Callers of JSON-RPC 1.0 send it."),
  }),
  result: containerResponse,
  changes: false,
  failures: ["notFound", "policy"],
  async run({ id }, context) {
    return { containers: [forResult(await inspectGuest(context, id))] };
  },
});

const commitOptions = z
  .strictObject({
    container: z.string().optional().describe("ID or name of the container, if id is empty."),
    repository: z.string().optional().describe("Repository of the image. Without one, the image has no name."),
    tag: z.string().optional().describe("Tag of the image. latest by default."),
    message: z.string().optional().describe("Comment of the image."),
    author: z.string().optional().describe("Author of the image."),
    run: z.looseObject({}).optional().describe("Configuration of containers of the image, in the engine's form."),
  })
  .meta({ id: "CommitOptions", description: "How a container becomes an image." });

const SaveContainer = method({
  summary: "Creates an image from a container.",
  details: "The size of the result is 0: the engine returns only an ID.",
  params: z.strictObject({
    id: z.string().optional().describe("ID or name of the container. It wins over that of the options."),
    opts: commitOptions.optional().describe("How the image is created."),
  }),
  result: imageResponse,
  changes: true,
  guest: ({ id, opts }) => id || opts?.container,
  timeout: () => 30 * 60_000,
  failures: ["notFound", "conflict", "policy"],
  async run({ id, opts = {} }, context) {
    const { repository, tag, message, author, run } = opts;
    const container = containerId.parse(id || opts.container || "");
    if (repository) context.policy.assertImage(tag ? `${repository}:${tag}` : repository);
    await assertUsable(context, container);
    const { Id } = await context.client.commitContainer(
      {
        container,
        ...(repository && { repository, ...(tag && { tag }) }),
        ...(message && { comment: message }),
        ...(author && { author }),
        ...(run && { run }),
      },
      { signal: context.signal },
    );
    return { images: [{ id: Id, type: "container", size: 0 }] };
  },
});

/** The methods that read containers, and the one that saves them. */
export const containerMethods = { GetInfo, ListContainers, GetContainer, SaveContainer };
