import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import ImagesVizMixin from "./images-viz.js";
import InsertImageFileMixin from "./insert-image-file.js";
import RunContainerMixin from "./run-container.js";
import WaitForMixin from "./wait-for.js";
import WaitForServiceMixin from "./wait-for-service.js";

export * from "./images-viz.js";
export * from "./insert-image-file.js";
export * from "./run-container.js";
export * from "./wait-for-service.js";
export * from "./wait-for.js";

const parts = [ImagesVizMixin, InsertImageFileMixin, RunContainerMixin, WaitForMixin, WaitForServiceMixin] as const;

/** The convenience methods, which combine several operations. Mixed into {@link Client}. */
abstract class ConvenienceApi extends Connection {}
interface ConvenienceApi extends Merged<typeof parts> {}
mixin(ConvenienceApi, parts);

export default ConvenienceApi;
