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

/** Options for {@link Client.updateService} other than the spec. */
export interface ServiceUpdateSettings {
  /** ID or name of the service. */
  id: string;
  /**
   * Credentials for the registry of the image, which replace the credentials that the service has stored; false to keep the
   * stored credentials. Defaults to the client's credentials for this registry, unless `registryAuthFrom` is set or `rollback`
   * is `previous`.
   */
  auth?: AuthConfiguration | false | undefined;
  /** Which stored credentials of the service to keep if `auth` is unset. Defaults to `spec`. API 1.25+. */
  registryAuthFrom?: "spec" | "previous-spec" | undefined;
  /**
   * With `previous`, the service is rolled back to its previous spec, and the engine ignores `spec`. Defaults to `none`.
   * API 1.28+.
   */
  rollback?: "previous" | "none" | undefined;
}

/** A rollback, which does not need a spec. */
export interface ServiceRollback {
  /** Rolls the service back to its spec before the last update. API 1.28+. */
  rollback: "previous";
  /** Must be unset: the client uses the current version of the service. */
  version?: undefined;
  /** Must be unset: the client sends the current spec of the service. */
  spec?: undefined;
}

/** Options for {@link Client.updateService}. */
export type UpdateServiceOptions = ServiceUpdateSettings & (SpecUpdate<ServiceSpec> | ServiceRollback);

/** The request to update a service. */
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
   * Updates the spec of a service, or rolls it back. If the settings of its tasks have changed, the swarm then replaces the
   * tasks according to `UpdateConfig`. The method does not wait for this: {@link Client.waitForService} does.
   *
   * The version of a service also changes while an update is in progress. After a version conflict, the client retries if
   * `spec` is a function, but not if `version` is set.
   *
   * @category Services
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ServiceUpdate | ServiceUpdate}
   * @throws {@link NoSuchServiceError} when the service does not exist.
   * @throws {@link PortInUseError} when another service already publishes one of the ports.
   * @throws {@link VersionConflictError} when the service no longer has the expected version, or was changed concurrently
   * during every attempt.
   * @throws {@link BadRequestError} when the spec is invalid, or the service has no previous spec.
   * @throws {@link NoSuchNetworkError} when the spec refers to a network that does not exist.
   * @throws {@link NotImplementedError} when the spec changes the name of the service, or its mode, such as from replicated to
   * global.
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
    // unless the spec is a function, the type requires a version
    const wanted = typeof spec === "function" ? { spec } : { spec, version: version as number };
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
