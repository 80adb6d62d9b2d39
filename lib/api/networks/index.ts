import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { NetworkMembership } from "./connect.js";
import { NetworkCreation } from "./create.js";
import { NetworkInspection } from "./inspect.js";
import { NetworkList } from "./list.js";
import { NetworkPrune } from "./prune.js";
import { NetworkRemoval } from "./remove.js";

/** The operations on networks. Part of {@link Client}. */
export abstract class NetworkApi extends Connection {}
export interface NetworkApi
  extends NetworkCreation, NetworkInspection, NetworkList, NetworkMembership, NetworkPrune, NetworkRemoval {}
mixin(NetworkApi, [NetworkCreation, NetworkInspection, NetworkList, NetworkMembership, NetworkPrune, NetworkRemoval]);
