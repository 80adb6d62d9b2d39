import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { orMissingNetwork } from "../../core/errors/network.js";
import { orPortInUse } from "../../core/errors/port.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { body, checkImage, credentials, integer, pathParam, text } from "../../core/fields/fields.js";
import { serviceSpec } from "../../core/members/services.js";
import { operation } from "../../core/operation.js";
import { type SpecUpdate, versionedUpdate, withoutVersionChecksFor } from "../../core/versioned-update.js";
import type { ServiceSpec, ServiceUpdateResponse } from "../../types/service.js";
import type { Sendable } from "../../types/util.js";
import { referenceProblem } from "../../wire/reference-grammar.js";
import ServiceInspectMixin from "./inspect.js";
import { SERVICE_IMAGE, serviceSpecDefaults, serviceSpecVersions } from "./spec-versions.js";

/** Options for {@link Client.updateService} besides the spec. */
export interface ServiceUpdateSettings {
  /** ID or name of the service. */
  id: string;
  /**
   * Credentials for the image's registry, which replace the service's; false to keep the service's. By default the
   * client's credentials for that registry, unless `registryAuthFrom` is set or `rollback` is `previous`.
   */
  auth?: AuthConfiguration | false | undefined;
  /** Which of the service's own credentials to keep when `auth` is not set. By default `spec`. API 1.25+. */
  registryAuthFrom?: "spec" | "previous-spec" | undefined;
  /**
   * With `previous`, the service returns to its previous spec, and the engine ignores `spec`. By default `none`.
   * API 1.28+.
   */
  rollback?: "previous" | "none" | undefined;
}

/** A rollback, which needs no spec. */
export interface ServiceRollback {
  /** Returns to the spec before the last update. API 1.28+. */
  rollback: "previous";
  /** Always unset: the service's current version is used. */
  version?: undefined;
  /** Always unset: the service's current spec is sent. */
  spec?: undefined;
}

/** Options for {@link Client.updateService}. */
export type UpdateServiceOptions = ServiceUpdateSettings & (SpecUpdate<ServiceSpec> | ServiceRollback);

/** Request for a service update. */
interface ServiceUpdateRequest extends ServiceUpdateSettings {
  version: number;
  spec: Sendable<ServiceSpec>;
}

const updateService = operation<ServiceUpdateRequest>({
  name: "updateService",
  method: "POST",
  path: "/services/{id}/update",
  slow: true,
  fields: {
    id: pathParam,
    version: integer("version", { required: true }),
    spec: body<ServiceSpec>({ members: serviceSpec, required: true, parts: serviceSpecVersions, defaults: serviceSpecDefaults }),
    auth: credentials("X-Registry-Auth"),
    registryAuthFrom: text("registryAuthFrom", { since: "1.25" }),
    rollback: text("rollback", { since: "1.28" }),
  },
  errors: ({ id }) => orPortInUse(id, orMissingNetwork(swarmObjectErrors("service", id))),
});

const unchanged = (current: ServiceSpec): ServiceSpec => current;

/** Mixed into {@link Client}. */
export default abstract class ServiceUpdateMixin extends ServiceInspectMixin {
  /**
   * Updates a service's spec, or rolls it back. If the tasks' settings have changed, the swarm then replaces the tasks as
   * `UpdateConfig` describes: {@link Client.waitForService} waits for the end.
   *
   * A running update also increases the service's version. The client retries a `spec` function after a version conflict,
   * but not a spec with an explicit version.
   *
   * @category Services
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ServiceUpdate | ServiceUpdate}
   * @throws {@link NoSuchServiceError} when the swarm has no such service.
   * @throws {@link PortInUseError} when another service publishes one of its ports.
   * @throws {@link VersionConflictError} when the service has another version, or others changed it during every attempt.
   * @throws {@link BadRequestError} when the spec is invalid, or the service has no previous spec.
   * @throws {@link NoSuchNetworkError} when the spec names a missing network.
   * @throws {@link NotImplementedError} when the spec changes the service's name or kind of mode.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @example
   * ```ts
   * await client.updateService({ id: "web", spec: (spec) => ({ ...spec, Mode: { Replicated: { Replicas: 5 } } }) });
   * await client.updateService({ id: "web", rollback: "previous" });
   * ```
   */
  async updateService(options: UpdateServiceOptions, call?: CallOptions): Promise<ServiceUpdateResponse> {
    const { version, spec = unchanged, ...settings } = options;
    const { id, auth, registryAuthFrom, rollback } = settings;
    const wanted = typeof spec === "function" ? { spec } : { spec, version: version as number }; // the type requires both together
    const isOwn = registryAuthFrom !== undefined || rollback === "previous";
    return versionedUpdate("updateService", wanted, call, {
      inspect: (inner) => this.inspectService({ id }, inner),
      update: async (of, content, inner, current) => {
        const image = content.TaskTemplate?.ContainerSpec?.Image;
        checkImage(updateService.name, { option: "spec", path: SERVICE_IMAGE, image }, referenceProblem);
        const secretHeaders = await this.credentials.headerIfAny(image, auth ?? (isOwn ? false : undefined), inner.signal);
        const request = { ...settings, version: of, spec: content };
        return this.json(withoutVersionChecksFor(updateService, current), request, inner, { secretHeaders });
      },
    });
  }
}
