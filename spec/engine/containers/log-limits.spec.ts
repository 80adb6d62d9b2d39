import { expect, test } from "vitest";
import { logLimits } from "../../../lib/engine/containers/log-limits.js";
import { outputOf, started, startEngine } from "../../support/embedded-engine.js";

test.each([
  [{ "max-size": "x" }, "invalid size: 'x'"],
  [{ "max-size": "" }, "invalid size: ''"],
  [{ "max-size": "-1" }, "invalid size: '-1'"],
  [{ "max-size": "0" }, "max-size must be a positive number"],
  [{ "max-size": "1kk" }, "invalid suffix: 'kk'"],
  [{ "max-size": "1.2.3k" }, 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'],
  [{ "max-size": "10k", "max-file": "0" }, "max-file cannot be less than 1"],
  [{ "max-file": "x" }, 'strconv.Atoi: parsing "x": invalid syntax'],
  [{ "max-file": "0x2" }, 'strconv.Atoi: parsing "0x2": invalid syntax'],
  [{ "max-file": "99999999999999999999" }, 'strconv.Atoi: parsing "99999999999999999999": value out of range'],
  [{ "max-size": "1k", "max-file": "3", compress: "maybe" }, 'strconv.ParseBool: parsing "maybe": invalid syntax'],
  [{ "max-size": "1k", compress: "true" }, "compress cannot be true when max-file is less than 2 or max-size is not set"],
  [{ "max-file": "3", compress: "true" }, "compress cannot be true when max-file is less than 2 or max-size is not set"],
])("json-file refuses %j", (Config, message) => {
  expect(() => logLimits({ Type: "json-file", Config })).toThrow(expect.objectContaining({ status: 500, message }) as Error);
});

test.each([
  [{ "max-size": "x" }, "invalid value for max-size: x: invalid size: 'x'"],
  [{ "max-file": "x" }, 'invalid value for max-file: x: strconv.Atoi: parsing "x": invalid syntax'],
  [{ compress: "maybe" }, 'error reading compress log option: strconv.ParseBool: parsing "maybe": invalid syntax'],
  [{ "max-file": "1" }, "compression cannot be enabled when max file count is 1"],
  [{ "max-file": "-3", compress: "false" }, "max file count cannot be less than 0"],
])("local refuses %j", (Config, message) => {
  expect(() => logLimits({ Type: "local", Config })).toThrow(expect.objectContaining({ status: 400, message }) as Error);
});

test.each([
  ["1.5k", 1500],
  ["1KiB", 1000],
  ["1kb", 1000],
  ["1 k", 1000],
  ["1b", 1],
  ["1e3", 1000],
  [".5k", 500],
  ["2m", 2e6],
  ["3GB", 3e9],
])("%s is %i bytes", (text, size) => {
  expect(logLimits({ Type: "json-file", Config: { "max-size": text } })).toEqual({ size, files: 1, compress: false });
});

test("a log is one file without a limit, unless its driver is local", () => {
  expect(logLimits({})).toEqual({ size: undefined, files: 1, compress: false });
  expect(logLimits({ Type: "none", Config: { "max-size": "x" } })).toEqual({ size: undefined, files: 1, compress: false });
  expect(logLimits({ Type: "local" })).toEqual({ size: 20e6, files: 5, compress: true });
  const unlimited = { "max-size": "0", "max-file": "0", compress: "f" };
  expect(logLimits({ Type: "local", Config: unlimited })).toEqual({ size: undefined, files: 1, compress: false });
});

test("options that the driver does not take fail the start and the reading, and others keep the last lines", async () => {
  const { client } = await startEngine();
  const bad = { LogConfig: { Type: "json-file", Config: { "max-size": "x" } } };
  const { Id: id } = await client.createContainer({ config: { Image: "box", Cmd: ["true"] }, hostConfig: bad });
  const error = "failed to create task for container: failed to initialize logging driver: invalid size: 'x'";
  await expect(client.startContainer({ id })).rejects.toMatchObject({ status: 500, reason: error });
  expect((await client.inspectContainer({ id })).State).toMatchObject({ Status: "created", ExitCode: 128, Error: error });
  await expect(client.logs({ id, stdout: true })).rejects.toMatchObject({ status: 500, reason: "invalid size: 'x'" });
  const kept = { LogConfig: { Type: "json-file", Config: { "max-size": "1k", "max-file": "2" } } };
  const { stdout } = await outputOf(client, await started(client, ["seq", "1", "1000"], kept));
  expect(stdout).toMatch(/^9\d\d\n(?:9\d\d\n)+1000\n$/);
  expect(stdout.length).toBeLessThan(2000 / 10);
});
