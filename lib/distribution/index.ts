import { Connection } from "../core/connection.js";
import { mixin } from "../core/mixin.js";
import { DistributionInspection } from "./inspect.js";

/** The operations on images in registries. Part of {@link Client}. */
export abstract class DistributionApi extends Connection {}
export interface DistributionApi extends DistributionInspection {}
mixin(DistributionApi, [DistributionInspection]);
