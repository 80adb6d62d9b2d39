import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { SecretCreation } from "./create.js";
import { SecretInspection } from "./inspect.js";
import { SecretList } from "./list.js";
import { SecretRemoval } from "./remove.js";
import { SecretUpdate } from "./update.js";

/** The operations on secrets of a swarm. Part of {@link Client}. */
export abstract class SecretApi extends Connection {}
export interface SecretApi extends SecretCreation, SecretInspection, SecretList, SecretRemoval, SecretUpdate {}
mixin(SecretApi, [SecretCreation, SecretInspection, SecretList, SecretRemoval, SecretUpdate]);
