import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import type { Program } from "../program.js";
import { type Command, Failure, program } from "./command.js";
import { withoutEnd } from "./lines.js";
import { readCount } from "./numbers.js";
import { openNamed } from "./reorder.js";

async function digestOf(command: Command, source: Readable, algorithm: string): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of command.chunks(source)) hash.update(chunk);
  return hash.digest("hex");
}

/** Compares files with a list of their digests. */
async function check(command: Command, list: Readable, algorithm: string, isQuiet: boolean): Promise<void> {
  let failed = 0;
  let all = 0;
  for await (const lines of command.lines(list)) {
    for (const line of lines) {
      const [, wanted, name] = /^([0-9a-fA-F]+) [ *](.*)$/s.exec(withoutEnd(line)) ?? [];
      all++;
      if (wanted === undefined || name === undefined) {
        failed++;
        continue;
      }
      const path = Buffer.from(name, "latin1").toString();
      const source = await command.openOrComplain(path);
      const isSame = source && (await digestOf(command, source, algorithm)) === wanted.toLowerCase();
      if (!isSame) failed++;
      if (!isQuiet) command.out.put(`${path}: ${isSame ? "OK" : "FAILED"}\n`);
    }
  }
  if (failed > 0) {
    command.complain(`WARNING: ${failed} of ${all} computed checksums did NOT match`);
  }
}

/** Returns the program that prints digests of files. */
const digestProgram = (algorithm: string): Program =>
  program(
    async (command) => {
      const options = command.options("cswb");
      for (const path of options.operands.length > 0 ? options.operands : ["-"]) {
        const source = await command.openOrComplain(path);
        if (!source) continue;
        if (options.has("c")) await check(command, source, algorithm, options.has("s"));
        else command.out.put(`${await digestOf(command, source, algorithm)}  ${path}\n`);
      }
    },
    { usage: "[-c[sw]] [FILE]..." },
  );

/** Prints MD5 digests. */
export const md5sum = digestProgram("md5");
/** Prints SHA-1 digests. */
export const sha1sum = digestProgram("sha1");
/** Prints SHA-256 digests. */
export const sha256sum = digestProgram("sha256");
/** Prints SHA-512 digests. */
export const sha512sum = digestProgram("sha512");

/** Encodes bytes as base64, or decodes them. */
export const base64 = program(
  async (command) => {
    const options = command.options("dw:");
    const source = await openNamed(command, options.operands[0] ?? "-");
    if (!source) return;
    if (options.has("d")) {
      const text = (await command.all(source)).replace(/\s/g, "");
      if (/[^A-Za-z0-9+/=]/.test(text) || text.length % 4 !== 0) {
        await command.out.write(Buffer.from(/^[A-Za-z0-9+/]*/.exec(text)?.[0] ?? "", "base64"));
        throw new Failure("truncated input");
      }
      await command.out.write(Buffer.from(text, "base64"));
      return;
    }
    const width = readCount(options.value("w") ?? "76");
    let line = "";
    let rest: Buffer = Buffer.alloc(0);
    const print = (text: string): void => {
      if (width === 0) {
        command.out.put(text);
        return;
      }
      line += text;
      for (; line.length > width; line = line.slice(width)) command.out.put(`${line.slice(0, width)}\n`);
    };
    for await (const chunk of command.chunks(source)) {
      const bytes = Buffer.concat([rest, chunk]);
      const length = bytes.length - (bytes.length % 3);
      print(bytes.toString("base64", 0, length));
      rest = bytes.subarray(length);
      await command.out.flush();
    }
    print(rest.toString("base64"));
    if (line !== "") command.out.put(`${line}\n`);
  },
  { usage: "[-d] [-w COL] [FILE]" },
);
