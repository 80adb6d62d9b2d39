import { Connection } from "../core/connection.js";
import { mixin } from "../core/mixin.js";
import { InsertImageFile } from "./insert-image-file.js";
import { RunContainer } from "./run-container.js";
import { WaitForService } from "./wait-for-service.js";
import { WaitFor } from "./wait-for.js";

/** The conveniences that are made of several operations. Part of {@link Client}. */
export abstract class CompositeApi extends Connection {}
export interface CompositeApi extends InsertImageFile, RunContainer, WaitFor, WaitForService {}
mixin(CompositeApi, [InsertImageFile, RunContainer, WaitFor, WaitForService]);
