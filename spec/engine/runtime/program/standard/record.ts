/*
 * Runs all cases with busybox in a container and writes what it answers beside the cases:
 *
 *     npx tsx spec/engine/runtime/program/standard/record.ts [family]...
 *
 * DOCKER_HOST names the engine, which has the image busybox.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { type Answer, type Case, keyOf, linesOfCase } from "./case.js";
import { families } from "./cases/index.js";
import { accounts } from "./files.js";
import { wordsOf } from "./words.js";

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
const base64 = (bytes: string): string => Buffer.from(bytes, "latin1").toString("base64");

function setUp(path: string, content: string): string {
  const target = quoted(path);
  if (path.endsWith("/")) return `mkdir -p ${target}`;
  const parent = path.includes("/") ? `mkdir -p ${quoted(path.slice(0, path.lastIndexOf("/")))}; ` : "";
  if (content.startsWith("-> ")) return `${parent}ln -s ${quoted(content.slice(3))} ${target}`;
  return `${parent}echo '${base64(content)}' | base64 -d >${target}`;
}

function scriptOf(entry: Case): string {
  const env = Object.entries(entry.env ?? {}).map(([name, value]) => `${name}=${quoted(value)}`);
  return [
    "cd /; rm -rf /data /tmp/o /tmp/e /tmp/c; mkdir /data; cd /data; : >/tmp/o; : >/tmp/e; : >/tmp/c",
    ...Object.entries(entry.files ?? {}).map(([path, content]) => setUp(path, content)),
    `echo '${base64(entry.stdin ?? "")}' | base64 -d >/tmp/i`,
    ...linesOfCase(entry).map(
      (line) =>
        `${env.join(" ")} timeout 5 busybox ${wordsOf(line).map(quoted).join(" ")} </tmp/i >>/tmp/o 2>>/tmp/e; echo $? >>/tmp/c`,
    ),
    `echo "$(base64 -w 0 /tmp/o) $(base64 -w 0 /tmp/e) $(base64 -w 0 /tmp/c)"`,
  ].join("\n");
}

const wanted = process.argv.slice(2);

for (const [family, cases] of Object.entries(families)) {
  if (wanted.length > 0 && !wanted.includes(family)) continue;
  const { stdout, stderr, status } = spawnSync("docker", ["run", "--rm", "-i", "--hostname", "box", "busybox", "sh"], {
    input: [...Object.entries(accounts).map(([path, text]) => setUp(path, text)), ...cases.map(scriptOf)].join("\n"),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  const rows = stdout.trimEnd().split("\n");
  if (status !== 0 || rows.length !== cases.length)
    throw new Error(`${family}: ${rows.length} answers, status ${status}\n${stderr}`);
  const answers: Record<string, Answer> = {};
  for (const [index, entry] of cases.entries()) {
    const [out = "", error = "", codes = ""] = (rows[index] ?? "")
      .split(" ")
      .map((text) => Buffer.from(text, "base64").toString("latin1"));
    answers[keyOf(entry)] = {
      stdout: out,
      stderr: error.replace(/BusyBox v[^]*?\n\nUsage: [^]*$/, "USAGE"),
      codes: codes.trim().split("\n").map(Number),
    };
  }
  writeFileSync(new URL(`recorded/${family}.json`, import.meta.url), `${JSON.stringify(answers, undefined, 1)}\n`);
}
