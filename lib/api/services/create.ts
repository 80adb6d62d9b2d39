import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { orMissingNetwork } from "../../core/errors/network.js";
import { orPortInUse } from "../../core/errors/port.js";
import { swarmCreationErrors } from "../../core/errors/swarm.js";
import { body, checkImage, credentials } from "../../core/fields/fields.js";
import { serviceSpec } from "../../core/members/services.js";
import { operation } from "../../core/operation.js";
import type { ServiceCreateResponse, ServiceSpec } from "../../types/service.js";
import type { Sendable } from "../../types/util.js";
import { referenceProblem } from "../../wire/reference-grammar.js";
import { SERVICE_IMAGE, serviceSpecDefaults, serviceSpecVersions } from "./spec-versions.js";

/** Options for {@link Client.createService}. */
export interface CreateServiceOptions {
  /** Spec of the service. Nodes that do not have the image in `TaskTemplate.ContainerSpec.Image` pull it. */
  spec: Sendable<ServiceSpec>;
  /**
   * Credentials for the registry of the image, which the swarm stores and passes to its nodes; false to send none. Defaults to
   * the client's credentials for this registry.
   */
  auth?: AuthConfiguration | false | undefined;
}

/** Returns the name in a spec. JavaScript callers may omit the spec. */
const nameOf = (spec: Sendable<ServiceSpec> | undefined): string => spec?.Name ?? "";

const createService = operation<CreateServiceOptions>({
  name: "createService",
  method: "POST",
  path: "/services/create",
  slow: true,
  fields: {
    spec: body<ServiceSpec>({ members: serviceSpec, required: true, parts: serviceSpecVersions, defaults: serviceSpecDefaults }),
    auth: credentials("X-Registry-Auth"),
  },
  errors: ({ spec }) => orPortInUse(nameOf(spec), orMissingNetwork(swarmCreationErrors("service", nameOf(spec)))),
});

/** Mixed into {@link Client}. */
export default abstract class ServiceCreateMixin extends Connection {
  /**
   * Creates a service. The method does not wait for its tasks to start: {@link Client.waitForService} waits until they are
   * running.
   *
   * Since API 1.30, engines do not resolve the tag of the image to a digest. Unless the image name contains a digest, nodes
   * that pull the image at different times may use different images.
   *
   * @category Services
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ServiceCreate | ServiceCreate}
   * @throws {@link SwarmObjectAlreadyExistsError} when another service has the same name.
   * @throws {@link PortInUseError} when another service already publishes one of the ports.
   * @throws {@link BadRequestError} when the spec is invalid, or refers to a secret or config that does not exist.
   * @throws {@link NoSuchNetworkError} when the spec refers to a network that does not exist.
   * @throws {@link ForbiddenError} when services cannot use a network in the spec.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @example
   * ```ts
   * const { ID: id } = await client.createService({
   *   spec: {
   *     Name: "web",
   *     TaskTemplate: { ContainerSpec: { Image: "nginx:1.29" } },
   *     Mode: { Replicated: { Replicas: 3 } },
   *   },
   * });
   * await client.waitForService({ id }, { timeout: 120_000 });
   * ```
   */
  async createService(options: CreateServiceOptions, call?: CallOptions): Promise<ServiceCreateResponse> {
    const { auth } = options;
    const { TaskTemplate } = (options.spec as ServiceSpec | undefined) ?? {}; // JavaScript callers may omit the spec
    const image = TaskTemplate?.ContainerSpec?.Image;
    checkImage(createService.name, { option: "spec", path: SERVICE_IMAGE, image }, referenceProblem);
    const secretHeaders = await this.credentials.headerIfAny(image, auth, call?.signal);
    return this.json(createService, options, call, { secretHeaders });
  }
}
