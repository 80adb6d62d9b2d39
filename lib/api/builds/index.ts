import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { BuildCaching } from "./build-cache.js";
import { ImageBuild } from "./build.js";
import { BuildSessions } from "./session.js";

/** The operations that build images. Part of {@link Client}. */
export abstract class BuildApi extends Connection {}
export interface BuildApi extends BuildCaching, BuildSessions, ImageBuild {}
mixin(BuildApi, [BuildCaching, BuildSessions, ImageBuild]);
