import { fail, FAILURES } from "../errors.js";
import { containerOptions } from "../schemas.js";
import type { ReservedPair } from "../values/ports.js";
import type { ContainerOptions } from "./container-state.js";
import { copy } from "./copy.js";
import { makeRequest, type RequestKind } from "./kind.js";
import type { JobContext, JobRequest } from "./request.js";

/** The ports of a container. @category Jobs */
export interface ContainerPortsData {
  /** The pairs. */
  readonly ports: readonly ReservedPair[];
}

/** How many lines of a log a response begins with. */
const TAIL = 30;

/** How long a log is followed, in milliseconds. */
const FOLLOW = 30_000;

/** Returns something of a container. @throws an error if the container does not exist. */
function existing<T>(value: T | undefined): T {
  if (value === undefined) throw fail(FAILURES.containerNotFound);
  return value;
}

const status: RequestKind<ContainerOptions, undefined> = {
  name: "ContainerStatusRequest",
  join: "again",
  schema: containerOptions,
  failure: FAILURES.listContainersFailed,
  label: ({ id }) => id,
  async execute({ id }, response, { backEnd }) {
    const text = existing(await backEnd.status(id));
    await response.successWithWrite("ok").write(text);
  },
};

const log: RequestKind<ContainerOptions, undefined> = {
  name: "ContainerLogRequest",
  join: "again",
  schema: containerOptions,
  failure: FAILURES.listContainersFailed,
  label: ({ id }) => id,
  async execute({ id }, response, { backEnd, signal }: JobContext) {
    const heard = AbortSignal.any([signal, response.writeClosed(), AbortSignal.timeout(FOLLOW)]);
    const output = existing(await backEnd.log(id, TAIL, heard));
    const writer = response.successWithWrite("ok", { flush: true });
    await copy(output, (chunk) => writer.write(chunk), heard);
  },
};

const ports: RequestKind<ContainerOptions, ContainerPortsData> = {
  name: "ContainerPortsRequest",
  join: "again",
  schema: containerOptions,
  failure: FAILURES.listContainersFailed,
  label: ({ id }) => id,
  async execute({ id }, response, { backEnd }) {
    response.successWithData("accepted", { ports: existing(await backEnd.ports(id)) } satisfies ContainerPortsData);
  },
};

/** Asks for the status of a container, as a text for people. @category Jobs */
export function containerStatusRequest(options: ContainerOptions): JobRequest {
  return makeRequest(status, options);
}

/** Asks for the last 30 lines that a container has written, and what it writes in the 30 seconds that follow. @category Jobs */
export function containerLogRequest(options: ContainerOptions): JobRequest {
  return makeRequest(log, options);
}

/** Asks for the ports of a container. @category Jobs */
export function containerPortsRequest(options: ContainerOptions): JobRequest<ContainerPortsData> {
  return makeRequest(ports, options);
}
