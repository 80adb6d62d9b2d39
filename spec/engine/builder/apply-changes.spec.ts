import { expect, test } from "vitest";
import { applyChanges } from "../../../lib/engine/builder/apply-changes.js";

test("applies every instruction that changes only the configuration", () => {
  const changes = [
    'CMD ["a", "b \\"c\\""]',
    "ENTRYPOINT run it",
    "ENV A=1 B='2 3'",
    "ENV A $B!",
    "EXPOSE 80 53/udp 8000-8001",
    'LABEL "x y"="$A" z=',
    "USER me",
    'VOLUME ["/v"]',
    "WORKDIR /w",
    "WORKDIR sub",
    "ONBUILD RUN x",
    "HEALTHCHECK --interval=1s --retries=2 CMD check it",
    "STOPSIGNAL 9",
  ];
  expect(applyChanges({ Env: ["A=0", "P=q"], Cmd: ["old"], Labels: { old: "1" } }, changes)).toEqual({
    Cmd: ["a", 'b "c"'],
    Entrypoint: ["/bin/sh", "-c", "run it"],
    Env: ["A=2 3!", "P=q", "B=2 3"],
    ExposedPorts: { "80/tcp": {}, "53/udp": {}, "8000/tcp": {}, "8001/tcp": {} },
    Labels: { old: "1", "x y": "2 3!", z: "" },
    User: "me",
    Volumes: { "/v": {} },
    WorkingDir: "/w/sub",
    OnBuild: ["RUN x"],
    Healthcheck: { Test: ["CMD-SHELL", "check it"], Interval: 1_000_000_000, Retries: 2 },
    StopSignal: "9",
  });
});

test("takes invalid JSON as the shell form", () => {
  expect(applyChanges({}, ["CMD ['a']"])).toEqual({ Cmd: ["/bin/sh", "-c", "['a']"] });
});

test("drops the command of the image with a new entrypoint", () => {
  expect(applyChanges({ Cmd: ["old"] }, ['ENTRYPOINT ["e"]'])).toEqual({ Entrypoint: ["e"] });
});

test("does not change its argument", () => {
  const config = { Env: ["A=1"], Labels: { a: "b" } };
  applyChanges(config, ["ENV A=2", "LABEL a=c"]);
  expect(config).toEqual({ Env: ["A=1"], Labels: { a: "b" } });
});

test.each([
  ["RUN x", "RUN is not a valid change command"],
  ["run x", "run is not a valid change command"],
  ['SHELL ["a"]', "SHELL is not a valid change command"],
  ["EXPOSE abc", "Invalid containerPort: abc"],
  ["EXPOSE 5-3", "Invalid containerPort: 5-3"],
  ["STOPSIGNAL FOO", "invalid signal: FOO"],
  ["ENV a", "ENV must have two arguments"],
  ["ENV =x", "ENV names can not be blank"],
  ["ENV a=b c", `Syntax error - can't find = in "c". Must be of the form: name=value`],
  ["VOLUME", "VOLUME requires at least one argument"],
  ['VOLUME [""]', "VOLUME specified can not be an empty string"],
  ["ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger"],
  ["ONBUILD ONBUILD x", "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"],
  ["USER", "USER requires exactly one argument"],
  ["CMD [1]", "when using JSON array syntax, arrays must be comprised of strings only"],
  ["HEALTHCHECK FOO", 'Unknown type "FOO" in HEALTHCHECK (try CMD)'],
  ["HEALTHCHECK --foo=1 CMD x", "unknown flag: --foo"],
  ["HEALTHCHECK CMD", "Missing command after HEALTHCHECK CMD"],
  ["HEALTHCHECK NONE x", "HEALTHCHECK NONE takes no arguments"],
  ["HEALTHCHECK --retries=-1 CMD x", "--retries cannot be negative (-1)"],
])("refuses %s in the words of Docker", (change, message) => {
  expect(() => applyChanges({}, [change])).toThrow(expect.objectContaining({ status: 400, message }));
});
