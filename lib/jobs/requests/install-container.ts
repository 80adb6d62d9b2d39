import * as z from "zod";
import { storeEnvironment } from "../environments.js";
import { FAILURES } from "../errors.js";
import type { InstallContainerOptions } from "../models.js";
import {
  checkPlacement,
  environmentDescription,
  healthCheck,
  identifier,
  networkLink,
  portPairs,
  swarmInstallation,
  volumeConfig,
} from "../schemas.js";
import { isEmpty } from "../values/environment.js";
import { PortMapping } from "../values/ports.js";
import { makeRequest, type RequestKind } from "./kind.js";
import type { JobRequest } from "./request.js";

const flag = z.boolean().optional();

/** The schema of an installation. */
const installContainerOptions = z
  .strictObject({
    id: identifier,
    image: z.string({ error: "a container needs an image" }).min(1, "a container needs an image"),
    command: z.array(z.string()).optional(),
    simple: flag,
    isolate: flag,
    socketActivation: flag,
    skipSocketProxy: flag,
    ports: portPairs.optional(),
    environment: environmentDescription
      .superRefine((environment, context) => {
        if (environment.id === undefined && !isEmpty(environment))
          context.addIssue({ code: "custom", message: "the environment of a container needs an identifier" });
      })
      .optional(),
    ...swarmInstallation,
    networkLinks: z.array(networkLink).optional(),
    started: flag,
    healthCheck: healthCheck.optional(),
    volumeConfig: volumeConfig.optional(),
    deployment: identifier.optional(),
    systemdSlice: z.enum(["container", "container-small", "container-large"], { error: FAILURES.invalidSlice[1] }).optional(),
  })
  .superRefine(checkPlacement)
  .transform((options) =>
    options.socketActivation && !options.ports?.length ? { ...options, socketActivation: false } : options,
  );

const kind: RequestKind<InstallContainerOptions, undefined> = {
  name: "InstallContainerRequest",
  failure: FAILURES.containerCreateFailed,
  schema: installContainerOptions,
  join: "attach",
  label: ({ id }) => id,
  async execute(options, response, { backEnd, id: request, mayFetch, signal }) {
    const { id, environment, networkLinks, started = false } = options;
    backEnd.supports(options);
    if (environment && !isEmpty(environment)) await storeEnvironment(backEnd.store, environment, mayFetch, signal);
    if (networkLinks) await backEnd.store.links.put(id, networkLinks);
    const { ports } = await backEnd.install(options, request, signal);
    if (ports.length > 0) response.writePendingSuccess(PENDING_PORTS, new PortMapping(ports));
    const writer = response.successWithWrite("accepted");
    await writer.write(`Container ${id} is ${started ? "starting" : "installed"}\n`);
  },
};

/** The name of the value beside the response to an installation: the ports of the container, a {@link PortMapping}. @category Jobs */
export const PENDING_PORTS = "PortMapping";

/**
 * Asks for a container: it is created, or the one with the identifier is replaced. The old one goes on until the new one can take
 * its place, and comes back if that fails. The ports are a {@link PortMapping} beside the response.
 *
 * @category Jobs
 */
export function installContainerRequest(options: InstallContainerOptions): JobRequest {
  return makeRequest(kind, options);
}
