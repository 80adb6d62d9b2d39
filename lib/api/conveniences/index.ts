import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { InsertImageFile } from "./insert-image-file.js";
import { RunContainer } from "./run-container.js";
import { WaitForService } from "./wait-for-service.js";
import { WaitFor } from "./wait-for.js";

/** The conveniences that are made of several operations. Part of {@link Client}. */
export abstract class ConvenienceApi extends Connection {}
export interface ConvenienceApi extends InsertImageFile, RunContainer, WaitFor, WaitForService {}
mixin(ConvenienceApi, [InsertImageFile, RunContainer, WaitFor, WaitForService]);
