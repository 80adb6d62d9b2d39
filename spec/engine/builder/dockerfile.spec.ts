import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDockerfile } from "../../../lib/engine/builder/dockerfile.js";

const rests = (text: string): string[] => parseDockerfile(text).instructions.map(({ rest }) => rest);

test("leaves out comments and empty lines in a continued instruction", () => {
  expect(rests("RUN a && \\\n  # comment\n\n  b\n# end\nCMD c")).toEqual(["a &&   b", "c"]);
});

test("joins lines with the character of the escape directive", () => {
  const { instructions, escape } = parseDockerfile("# escape=`  \nRUN a ` \n b\\\nCMD c");
  expect(escape).toBe("`");
  expect(instructions.map(({ rest }) => rest)).toEqual(["a  b\\", "c"]);
});

test("ends the directives at the first other line", () => {
  expect(parseDockerfile("# a comment\n# escape=`\nRUN a").escape).toBe("\\");
  expect(() => parseDockerfile("# escape=x\nRUN a")).toThrow("invalid escape token 'x' does not match ` or \\");
  expect(() => parseDockerfile("# escape=`\n# escape=`")).toThrow("only one escape parser directive can be used");
});

test("separates flags from arguments", () => {
  const [instruction] = parseDockerfile('  copy --from=a --chown="b c" --  --x y').instructions;
  expect(instruction).toMatchObject({ name: "COPY", flags: ["--from=a", "--chown=b c"], rest: "--x y", line: 1 });
});

test("numbers instructions by their first line", () => {
  expect(parseDockerfile("\r\nFROM a\r\n\r\nRUN b \\\r\n c\r\nCMD d").instructions.map(({ line }) => line)).toEqual([2, 4, 6]);
});

test("never fails on text without directives", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const { name } of parseDockerfile(`FROM a\n${text}`).instructions) expect(name).not.toBe("");
    }),
  );
});
