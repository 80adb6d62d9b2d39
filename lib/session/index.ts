import { Connection } from "../core/connection.js";
import { mixin } from "../core/mixin.js";
import { BuildSessions } from "./session.js";

/** The operations that open sessions with BuildKit. Part of {@link Client}. */
export abstract class SessionApi extends Connection {}
export interface SessionApi extends BuildSessions {}
mixin(SessionApi, [BuildSessions]);
