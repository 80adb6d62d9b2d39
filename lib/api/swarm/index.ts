import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import SwarmInitMixin from "./init.js";
import SwarmInspectMixin from "./inspect.js";
import SwarmJoinMixin from "./join.js";
import SwarmLeaveMixin from "./leave.js";
import SwarmUnlockMixin from "./unlock.js";
import SwarmUpdateMixin from "./update.js";

export * from "./init.js";
export * from "./join.js";
export * from "./leave.js";
export type { SwarmPlaceOptions } from "./place.js";
export * from "./unlock.js";
export * from "./update.js";

const parts = [SwarmInitMixin, SwarmInspectMixin, SwarmJoinMixin, SwarmLeaveMixin, SwarmUnlockMixin, SwarmUpdateMixin] as const;

/** The operations on the engine's swarm. Mixed into {@link Client}. */
abstract class SwarmApi extends Connection {}
interface SwarmApi extends Merged<typeof parts> {}
mixin(SwarmApi, parts);

export default SwarmApi;
