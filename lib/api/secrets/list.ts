import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Secret } from "../../types/secret.js";

/** Filters for secrets. A filter with several values matches secrets that match any of them. @category Secrets */
export type ListSecretsFilters = {
  /** Prefix of the ID. API 1.29+. */
  id?: FilterValue | undefined;
  /** Label: `name` or `name=value`. Unlike with other filters, all values must match. API 1.29+. */
  label?: FilterValue | undefined;
  /** Prefix of the name. API 1.29+. */
  name?: FilterValue | undefined;
  /** Exact name. */
  names?: FilterValue | undefined;
};

/** Options for {@link Client.listSecrets}. */
export interface ListSecretsOptions {
  /** Filters for the secrets to list. */
  filters?: ListSecretsFilters | undefined;
}

const listSecrets = operation<ListSecretsOptions>({
  name: "listSecrets",
  method: "GET",
  path: "/secrets",
  since: "1.25",
  fields: { filters: filters<ListSecretsFilters>({ id: "1.29", label: "1.29", name: "1.29", names: true }) },
  errors: () => swarmErrors,
});

/** Mixed into {@link Client}. */
export default abstract class SecretListMixin extends Connection {
  /**
   * Lists the secrets of the swarm, without their data. API 1.25+.
   *
   * @category Secrets
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SecretList | SecretList}
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  listSecrets(options: ListSecretsOptions = {}, call?: CallOptions): Promise<Secret[]> {
    return this.json(listSecrets, options, call);
  }
}
