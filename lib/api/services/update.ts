import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import type { CallOptions } from "../../core/call-options.js";
import { body, credentials, pathParam, integer, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { type SpecUpdate, withoutVersionChecksFor, versionedUpdate } from "../../core/versioned-update.js";
import { orMissingNetwork } from "../../errors/network-errors.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import type { ServiceSpec, ServiceUpdateResponse } from "../../types/service.js";
import ServiceInspectMixin from "./inspect.js";
import { serviceSpecVersions } from "./spec-versions.js";

/** What {@link Client.updateService} knows beside the settings. */
export interface ServiceUpdateSettings {
  /** ID or name of the service. */
  id: string;
  /**
   * Credentials for the image's registry, which take the place of those that the service has; false to leave those alone. By
   * default the ones that the client has for that registry, unless `registryAuthFrom` or `rollback` says otherwise.
   */
  auth?: AuthConfiguration | false | undefined;
  /** Which of the service's own credentials it goes on with, where no others are given. By default `spec`. API 1.25+. */
  registryAuthFrom?: "spec" | "previous-spec" | undefined;
  /**
   * With `previous`, the service gets the settings that it had before the last update, and `spec` does not count. By default `none`.
   * API 1.28+.
   */
  rollback?: "previous" | "none" | undefined;
}

/** A rollback, which needs no settings. */
export interface ServiceRollback {
  /** Goes back to the settings before the last update. API 1.28+. */
  rollback: "previous";
  /** Always unset: the service's own version is used. */
  version?: undefined;
  /** Always unset: the service's own settings take its place. */
  spec?: undefined;
}

/** Options of {@link Client.updateService}. */
export type UpdateServiceOptions = ServiceUpdateSettings & (SpecUpdate<ServiceSpec> | ServiceRollback);

/** What an update of a service sends. */
interface ServiceUpdateRequest extends ServiceUpdateSettings {
  version: number;
  spec: ServiceSpec;
}

const updateService = operation<ServiceUpdateRequest>({
  name: "updateService",
  method: "POST",
  path: "/services/{id}/update",
  fields: {
    id: pathParam,
    version: integer("version", { required: true }),
    spec: body<ServiceSpec>({ required: true, parts: serviceSpecVersions }),
    auth: credentials("X-Registry-Auth"),
    registryAuthFrom: text("registryAuthFrom", { since: "1.25" }),
    rollback: text("rollback", { since: "1.28" }),
  },
  errors: ({ id }) => orMissingNetwork(swarmObjectErrors("service", id)),
});

const unchanged = (current: ServiceSpec): ServiceSpec => current;

/** Mixed into {@link Client}. */
export default abstract class ServiceUpdateMixin extends ServiceInspectMixin {
  /**
   * Changes what a service is to be, or goes back to what it was to be before. Tasks are replaced after that, in the manner of the
   * spec's `UpdateConfig`, if what they are made from has changed: {@link Client.waitForService} waits until that is done.
   *
   * A service is in a new version also whenever an update of it gets ahead. A function of the spec is tried again when that comes
   * between; a spec with an explicit version is not.
   *
   * @category Services
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ServiceUpdate | ServiceUpdate}
   * @throws {@link NoSuchServiceError} when the swarm has no such service.
   * @throws {@link VersionConflictError} when the service is not in the given version, or was changed each time.
   * @throws {@link BadRequestError} when the spec cannot be, or there is nothing to go back to.
   * @throws {@link NoSuchNetworkError} when there is no network such as it names.
   * @throws {@link NotImplementedError} when it has another name, or another kind of mode, than the service.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   * @example
   * ```ts
   * await client.updateService({ id: "web", spec: (spec) => ({ ...spec, Mode: { Replicated: { Replicas: 5 } } }) });
   * await client.updateService({ id: "web", rollback: "previous" });
   * ```
   */
  async updateService(options: UpdateServiceOptions, call?: CallOptions): Promise<ServiceUpdateResponse> {
    const { version, spec = unchanged, ...settings } = options;
    const { id, auth, registryAuthFrom, rollback } = settings;
    const wanted = typeof spec === "function" ? { spec } : { spec, version: version as number }; // with a spec there is a version
    const isOwn = registryAuthFrom !== undefined || rollback === "previous";
    return versionedUpdate("updateService", wanted, call, {
      inspect: (inner) => this.inspectService({ id }, inner),
      update: async (of, content, inner, current) => {
        const image = content.TaskTemplate?.ContainerSpec?.Image;
        const secretHeaders = await this.credentials.headerIfAny(image, auth ?? (isOwn ? false : undefined), inner.signal);
        const request = { ...settings, version: of, spec: content };
        return this.json(withoutVersionChecksFor(updateService, current), request, inner, { secretHeaders });
      },
    });
  }
}
