// Runs the scripts of the corpus in busybox ash on a real engine and records what they do:
//   DOCKER_HOST=unix:///… node spec/engine/runtime/program/shell/record-corpus.js [file…]
// The scripts of a file begin with `## ` and their name.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("corpus/", import.meta.url);
const wanted = process.argv.slice(2);
const files = readdirSync(folder).filter((name) => name.endsWith(".txt") && (wanted.length === 0 || wanted.includes(name)));

for (const file of files) {
  const results = {};
  for (const part of readFileSync(new URL(file, folder), "utf8").split(/^## /m).slice(1)) {
    const end = part.indexOf("\n");
    const name = part.slice(0, end);
    const args = [
      "run",
      "--rm",
      "--name",
      `shell-corpus-${process.pid}`,
      "--network",
      "none",
      "busybox",
      "sh",
      "-c",
      part.slice(end + 1),
    ];
    const { stdout, stderr, status } = spawnSync("docker", args, { encoding: "utf8" });
    results[name] = { stdout, stderr, code: status };
    console.log(`${file}: ${name}: ${status}`);
  }
  writeFileSync(new URL(file.replace(".txt", ".json"), folder), `${JSON.stringify(results, null, 2)}\n`);
}
