import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { SwarmInitialisation } from "./init.js";
import { SwarmInspection } from "./inspect.js";
import { SwarmJoining } from "./join.js";
import { SwarmLeaving } from "./leave.js";
import { SwarmLock } from "./unlock.js";
import { SwarmUpdate } from "./update.js";

/** The operations on the swarm that the engine is in. Part of {@link Client}. */
export abstract class SwarmApi extends Connection {}
export interface SwarmApi extends SwarmInitialisation, SwarmInspection, SwarmJoining, SwarmLeaving, SwarmLock, SwarmUpdate {}
mixin(SwarmApi, [SwarmInitialisation, SwarmInspection, SwarmJoining, SwarmLeaving, SwarmLock, SwarmUpdate]);
