import * as z from "zod";
import { digestOf } from "../digest.js";
import { InvalidJobError } from "../errors.js";
import type { InstallContainerOptions, JobContainer } from "../models.js";
import { environmentDescription, healthCheck, identifier, port, portPairs, swarmInstallation, volumeConfig } from "../schemas.js";
import type { NetworkLink } from "../values/links.js";
import type { Deployment, DeploymentContainer } from "./deployment.js";

/** A container that a deployment has. @category Jobs */
export interface WantedStep {
  /** What is done: nothing if the container is right already. */
  readonly action: "install" | "replace" | "keep";
  /** Identifier of the container. */
  readonly id: string;
  /** What the container is to be. */
  readonly options: InstallContainerOptions;
}

/** A container that a deployment no longer has. @category Jobs */
export interface RemovalStep {
  /** What is done. */
  readonly action: "remove";
  /** Identifier of the container. */
  readonly id: string;
}

/** What is done with a container of a deployment. @category Jobs */
export type DeploymentStep = WantedStep | RemovalStep;

const schema = z.strictObject({
  name: identifier,
  idPrefix: z
    .string()
    .regex(/^[\w.-]{0,20}$/, "the prefix of identifiers has letters, digits, dots, underscores and hyphens")
    .optional(),
  containers: z.array(
    z.strictObject({
      name: z
        .string()
        .regex(/^[\w.-]{1,22}$/, "a container of a deployment needs a name of letters, digits, dots, underscores and hyphens"),
      image: z.string({ error: "a container needs an image" }).min(1, "a container needs an image"),
      count: z
        .int("the count of a container is a number: 0 to 1000")
        .min(0, "the count of a container is a number: 0 to 1000")
        .max(1_000, "the count of a container is a number: 0 to 1000")
        .optional(),
      command: z.array(z.string()).optional(),
      publicPorts: portPairs.optional(),
      links: z
        .array(z.strictObject({ to: z.string(), ports: z.array(port("the port of a link")).min(1, "a link needs a port") }))
        .optional(),
      environment: environmentDescription.shape.variables,
      volumeConfig: volumeConfig.optional(),
      isolate: z.boolean().optional(),
      systemdSlice: z.enum(["container", "container-small", "container-large"]).optional(),
      started: z.boolean().optional(),
      healthCheck: healthCheck.optional(),
      ...swarmInstallation,
    }),
  ),
});

/**
 * Checks a deployment, such as one that was read from a file.
 *
 * @throws {@link InvalidJobError} that says what is wrong with it.
 * @category Jobs
 */
export function parseDeployment(value: unknown): Deployment {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidJobError(
      `the deployment is invalid at ${(issue?.path ?? []).join(".") || "its top"}: ${issue?.message ?? ""}`,
    );
  }
  const { containers } = parsed.data;
  const names = containers.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new InvalidJobError(`the deployment has two containers with the name ${repeated}`);
  for (const { name, links = [], count = 1, publicPorts = [] } of containers) {
    const unknown = links.find(({ to }) => !names.includes(to));
    if (unknown)
      throw new InvalidJobError(`the container ${name} is linked to ${unknown.to}, which the deployment does not have`);
    if (count > 1 && publicPorts.some(({ external = 0 }) => external !== 0))
      throw new InvalidJobError(`the container ${name} has ${count} instances, which cannot have one port of the host`);
  }
  return parsed.data;
}

/**
 * Compares a deployment with the containers that exist.
 *
 * @param existing - all containers, as a list of them with `includeInactive` has them.
 * @returns the steps in their order: containers come after those that they are linked to, removals at the end.
 * @throws {@link InvalidJobError} if an identifier belongs to a container of somebody else.
 * @category Jobs
 */
export function planDeployment(deployment: Deployment, existing: readonly JobContainer[]): DeploymentStep[] {
  const checked = parseDeployment(deployment);
  const rows = new Map(existing.map((row) => [row.id, row]));
  const wanted = inOrder(checked.containers).flatMap((container) => instancesOf(checked, container));
  const steps = wanted.map((options): DeploymentStep => {
    const { id } = options;
    const row = rows.get(id);
    if (row && row.deployment !== checked.name)
      throw new InvalidJobError(`the container ${id} exists, and does not belong to the deployment ${checked.name}`);
    if (!row) return { action: "install", id, options };
    return { action: row.digest === digestOf(options) ? "keep" : "replace", id, options };
  });
  const ids = new Set(wanted.map(({ id }) => id));
  const gone = existing.filter((row) => row.deployment === checked.name && !ids.has(row.id));
  return [...steps, ...gone.map(({ id }): DeploymentStep => ({ action: "remove", id }))];
}

/** Writes a plan for people: a line for each container. @category Jobs */
export function planText(steps: readonly DeploymentStep[]): string {
  const signs = { install: "+", replace: "~", keep: "=", remove: "-" };
  return steps.map((step) => `${signs[step.action]} ${step.id}${"options" in step ? ` ${step.options.image}` : ""}\n`).join("");
}

function idOf({ idPrefix = "" }: Deployment, name: string, instance: number): string {
  return `${idPrefix}${name}-${instance}`;
}

function instancesOf(deployment: Deployment, container: DeploymentContainer): InstallContainerOptions[] {
  const { name, count = 1, publicPorts, links = [], environment, started = true, ...same } = container;
  return Array.from({ length: count }, (_, index) => {
    const id = idOf(deployment, name, index + 1);
    const { error } = identifier.safeParse(id);
    if (error) throw new InvalidJobError(`the instance ${id} of the container ${name}: ${error.issues[0]?.message ?? ""}`);
    const networkLinks = links.flatMap(({ to, ports }): NetworkLink[] => {
      const others = deployment.containers.find((other) => other.name === to)?.count ?? 1;
      if (others === 0) return [];
      const toHost = idOf(deployment, to, (index % others) + 1);
      return ports.map((each) => ({ fromHost: to, fromPort: each, toHost, toPort: each }));
    });
    return {
      ...same,
      id,
      started,
      deployment: deployment.name,
      ...(publicPorts && { ports: publicPorts }),
      ...(networkLinks.length > 0 && { networkLinks }),
      ...(environment && { environment: { id, variables: environment } }),
    };
  });
}

/** Returns containers so that each comes after those that it is linked to, as far as links in circles allow it. */
function inOrder(containers: readonly DeploymentContainer[]): DeploymentContainer[] {
  const byName = new Map(containers.map((container) => [container.name, container]));
  const ordered = new Set<DeploymentContainer>();
  const begun = new Set<DeploymentContainer>();
  const visit = (container: DeploymentContainer): void => {
    if (begun.has(container)) return;
    begun.add(container);
    for (const { to } of container.links ?? []) {
      const target = byName.get(to);
      if (target) visit(target);
    }
    ordered.add(container);
  };
  for (const container of containers) visit(container);
  return [...ordered];
}
