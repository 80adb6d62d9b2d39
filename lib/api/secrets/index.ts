import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import SecretCreateMixin from "./create.js";
import SecretInspectMixin from "./inspect.js";
import SecretListMixin from "./list.js";
import SecretRemoveMixin from "./remove.js";
import SecretUpdateMixin from "./update.js";

export * from "./create.js";
export * from "./inspect.js";
export * from "./list.js";
export * from "./remove.js";
export * from "./update.js";

const parts = [SecretCreateMixin, SecretInspectMixin, SecretListMixin, SecretRemoveMixin, SecretUpdateMixin] as const;

/** The operations on secrets of a swarm. Mixed into {@link Client}. */
abstract class SecretApi extends Connection {}
interface SecretApi extends Merged<typeof parts> {}
mixin(SecretApi, parts);

export default SecretApi;
