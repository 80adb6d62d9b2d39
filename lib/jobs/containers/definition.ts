import { createHash } from "node:crypto";
import type { InstallContainerOptions } from "../models.js";
import type { EnvironmentVariable } from "../values/environment.js";
import type { ReservedPair } from "../values/ports.js";

/** The label of every container, service, volume, network and secret of a job's container: its identifier. */
export const ID_LABEL = "ts-dockerclient.jobs.id";

/** The label with the identifier of the request that installed a container. */
export const REQUEST_LABEL = "ts-dockerclient.jobs.request";

/** The label of containers and services that run once: the name of the job. */
export const JOB_LABEL = "ts-dockerclient.jobs.job";

const DEFINITION_LABEL = "ts-dockerclient.jobs.definition";

/** The definition of a container, as its labels have it. */
export interface Definition {
  /** What was asked for, except for what the store has. */
  readonly options: InstallContainerOptions;
  /** The ports of the host that it has reserved. */
  readonly ports: readonly ReservedPair[];
  /** A digest of what was asked for. */
  readonly digest: string;
  /** A digest of the variables that the container was created with. */
  readonly revision: string;
}

/** Returns a digest of what a container gets from the store. */
export function revisionOf(variables: readonly EnvironmentVariable[]): string {
  return createHash("sha256").update(JSON.stringify(variables)).digest("hex").slice(0, 16);
}

/** Returns the labels of a container. */
export function labelsOf(request: string, { options, ...rest }: Definition): Record<string, string> {
  const { environment, networkLinks, ...kept } = options;
  // the store has variables and links: the definition only says which environment it is
  const named = environment?.id === undefined ? kept : { ...kept, environment: { id: environment.id } };
  return {
    [ID_LABEL]: options.id,
    [REQUEST_LABEL]: request,
    [DEFINITION_LABEL]: JSON.stringify({ options: named, ...rest } satisfies Definition),
  };
}

/** Returns the definition of a container from its labels, as its back end has written it; undefined if they have none. */
export function definitionOf(labels: Readonly<Record<string, string>> | null | undefined): unknown {
  const text = labels?.[DEFINITION_LABEL];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // somebody else's label
  }
}
