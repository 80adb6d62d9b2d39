export { decodeTrace } from "../../buildkit/decode-trace.js";
export { PlainDisplay } from "../../buildkit/plain-display.js";
export { BuildKitOutcome } from "./buildkit-outcome.js";
export { solveBuild } from "./solve-build.js";
