import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import BuildBuildMixin from "./build.js";
import BuildBuildCacheMixin from "./build-cache.js";
import BuildBuildSessionMixin from "./build-session.js";
import BuildSessionMixin from "./session.js";

export * from "./build-cache.js";
export * from "./build-options.js";
export type { BuildResult } from "./build-outcome.js";
export type { BuildSessionOptions, ServedBuildSession, SessionOutput } from "./build-session.js";
export type { SessionOptions } from "./session-operations.js";

const parts = [BuildBuildCacheMixin, BuildSessionMixin, BuildBuildSessionMixin, BuildBuildMixin] as const;

/** The operations that build images. Mixed into {@link Client}. */
abstract class BuildApi extends Connection {}
interface BuildApi extends Merged<typeof parts> {}
mixin(BuildApi, parts);

export default BuildApi;
