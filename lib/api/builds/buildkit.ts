export { randomUUID } from "node:crypto";
export { decodeTrace } from "../../buildkit/decode-trace.js";
export { PlainDisplay } from "../../buildkit/plain-display.js";
export { directorySource } from "./build-files.js";
export { BuildKitOutcome } from "./buildkit-outcome.js";
export { ServedSession } from "./served-session.js";
export { solveBuild } from "./solve-build.js";
