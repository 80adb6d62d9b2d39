import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmCreationErrors } from "../../core/errors/swarm.js";
import { base64, type Bytes } from "../../core/fields/fields.js";
import { driver } from "../../core/fields/fields.js";
import { member } from "../../core/fields/fields.js";
import { map } from "../../core/members/shape.js";
import { operation } from "../../core/operation.js";
import type { Driver } from "../../types/common.js";
import type { SecretCreateResponse } from "../../types/secret.js";
import type { Sendable } from "../../types/util.js";

/** Options for {@link Client.createSecret}. */
export interface CreateSecretOptions {
  /** Name of the secret: at most 64 letters, digits, `_`, `.` and `-`. */
  name: string;
  /**
   * Data of the secret: bytes, or a string that is encoded as UTF-8. Maximum size: 500 KiB. May be empty only if `driver` is
   * set.
   */
  data?: Bytes | undefined;
  /** Labels of the secret. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** Plugin that provides the secret, in place of `data`. API 1.31+. */
  driver?: Sendable<Driver> | undefined;
  /**
   * Driver that expands `data` as a template for each task, such as `{ Name: "golang" }`. If omitted, `data` is not a template.
   * API 1.37+.
   */
  templating?: Sendable<Driver> | undefined;
}

const createSecret = operation<CreateSecretOptions>({
  name: "createSecret",
  method: "POST",
  path: "/secrets/create",
  since: "1.25",
  fields: {
    name: member<string>("Name", { required: true }),
    data: base64("Data"),
    labels: member<Readonly<Record<string, string>>>("Labels", { members: map }),
    driver: driver("Driver", "1.31"),
    templating: driver("Templating", "1.37"),
  },
  errors: ({ name }) => swarmCreationErrors("secret", name),
});

/** Mixed into {@link Client}. */
export default abstract class SecretCreateMixin extends Connection {
  /**
   * Creates a secret, which services can mount as a file. API 1.25+.
   *
   * @category Secrets
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SecretCreate | SecretCreate}
   * @throws {@link SwarmObjectAlreadyExistsError} when another secret has the same name.
   * @throws {@link BadRequestError} when the name or the data is invalid.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @example
   * ```ts
   * const { ID } = await client.createSecret({ name: "db-password", data: "correct horse", labels: { team: "shop" } });
   * ```
   */
  createSecret(options: CreateSecretOptions, call?: CallOptions): Promise<SecretCreateResponse> {
    return this.json(createSecret, options, call);
  }
}
