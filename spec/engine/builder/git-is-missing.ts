import { spawnSync } from "node:child_process";

/** Whether this machine has no git, so that specs about repositories are skipped. */
export const gitIsMissing = spawnSync("git", ["--version"]).status !== 0;
